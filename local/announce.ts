import { customers } from './acme/customers.ts';
import type { RunningDesk } from './bring-up.ts';
import { deskSecret, identitySecret } from './desk.ts';
import { type DeskFile, defaultDataDir, removeDeskFile, writeDeskFile } from './desk-file.ts';
import { identityOf } from './identity.ts';
import { recordOf } from './process-record.ts';
import { sampleAgents } from './sample-agents.ts';
import type { Site } from './site.ts';

/** Leaves the desk file for the terminal client, and returns what a person is told. */
export const announce = async (site: Site, desk: RunningDesk, tookMs: number): Promise<string> => {
  const file = deskFileOf(site, desk);
  writeDeskFile(site.dataDir, file);
  site.atClose(() => removeDeskFile(site.dataDir));
  const lines: [string, string][] = [['Customer page', `${file.gateway}/`]];
  const [customer] = site.config.DESK_PLAYBOOK === undefined ? customers : [];
  if (customer) {
    const identity = await identityOf(customer, file.identitySecret);
    lines.push([`  as ${customer.name}`, `${file.gateway}/#identity=${identity}`]);
  }
  lines.push(["Agents' console", `${file.gateway}/console/`]);
  if (customer)
    for (const { id, role, password } of sampleAgents(site)) lines.push([`  as ${role}`, `${id}  ${password}`]);
  if (file.temporalUi !== null) lines.push(['Temporal UI', file.temporalUi]);
  if (customer) {
    const elsewhere = site.dataDir === defaultDataDir ? '' : ` --desk ${site.dataDir}`;
    lines.push(['From a terminal', `npm run ask -- "Where is my order 1042?" --as ${customer.id}${elsewhere}`]);
  }
  lines.push(['Data and logs', site.dataDir]);
  const width = Math.max(...lines.map(([label]) => label.length)) + 2;
  return [
    `\nThe desk is ready after ${(tookMs / 1_000).toFixed(1)} s. Ctrl-C stops it.\n`,
    ...lines.map(([label, value]) => `  ${label.padEnd(width)}${value}`),
    '',
  ].join('\n');
};

const deskFileOf = (site: Site, { backing, model, gateway }: RunningDesk): DeskFile => ({
  gateway: gateway.url,
  temporal: backing.temporal.url,
  temporalNamespace: site.config.TEMPORAL_NAMESPACE,
  temporalUi: backing.temporal.ui,
  databaseUrl: backing.postgres.url,
  redisUrl: backing.redis.url,
  modelUrl: model.url,
  secret: deskSecret(site),
  identitySecret: identitySecret(site),
  ...(site.config.DESK_PLAYBOOK === undefined && customers[0] && { sampleCustomer: customers[0].id }),
  ...recordOf(process.pid),
});
