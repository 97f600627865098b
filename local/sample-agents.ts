import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import type { AgentAccount } from '../contracts/agents.ts';
import { createAgents } from '../store/agents.ts';
import { createDatabase } from '../store/database.ts';
import { agents } from './acme/agents.ts';
import type { Site } from './site.ts';

const passwords = z.record(z.string(), z.string());

/**
 * The sample company's people with the passwords of this folder, drawn once. One that was changed with `duradesk agent password`
 * is not known here.
 */
export const sampleAgents = ({ dataDir }: Pick<Site, 'dataDir'>): (AgentAccount & { password: string })[] => {
  const file = join(dataDir, 'agents.json');
  const kept = existsSync(file) ? passwords.parse(JSON.parse(readFileSync(file, 'utf8'))) : {};
  const all = agents.map((agent) => ({ ...agent, password: kept[agent.id] ?? randomBytes(12).toString('base64url') }));
  const now = Object.fromEntries(all.map(({ id, password }) => [id, password]));
  writeFileSync(file, `${JSON.stringify({ ...kept, ...now }, null, 2)}\n`, { mode: 0o600 });
  return all;
};

/** Adds who is not there yet. */
export const addSampleAgents = async (site: Pick<Site, 'dataDir'>, databaseUrl: string): Promise<void> => {
  const db = createDatabase(databaseUrl, () => {}, 1);
  try {
    const known = new Set((await createAgents(db).list()).map(({ id }) => id));
    for (const { password, ...account } of sampleAgents(site))
      if (!known.has(account.id)) await createAgents(db).add(account, password);
  } finally {
    await db.destroy();
  }
};
