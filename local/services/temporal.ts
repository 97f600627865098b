import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { addSearchAttributes } from '../../cli/search-attributes.ts';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import type { Site } from '../site.ts';
import { CannotProvide, reasonOf, type Say, type Service } from './service.ts';
import { findTemporalProgram } from './temporal-program.ts';

/** `url` is host:port, as Temporal's clients want it. `ui` is `null` where the server is somebody else's. */
export type TemporalService = Service & { ui: string | null };

/**
 * Temporal for this desk: `TEMPORAL_ADDRESS`, else a server of our own with a database file, so that a restart, also after
 * a crash, goes on where it was.
 */
export const startTemporal = async (site: Site, say: Say): Promise<TemporalService> => {
  const address = site.config.TEMPORAL_ADDRESS;
  if (address !== undefined) return external(site, address);
  const program = await findTemporalProgram(site.machine, say);
  const port = await site.ports.free(7233);
  const uiPort = await site.ports.free(8233);
  const own = `127.0.0.1:${port}`;
  say(`starting ${program.path}`);
  await site.processes.start({ name: 'temporal', command: program.path, args: serverArgs(site, port, uiPort) }, () =>
    reach(own),
  );
  return {
    name: 'Temporal',
    source: program.source,
    detail: program.detail,
    url: own,
    ui: `http://127.0.0.1:${uiPort}`,
  };
};

const serverArgs = (site: Site, port: number, uiPort: number): string[] => {
  const folder = join(site.dataDir, 'temporal');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  return [
    ...['server', 'start-dev', '--log-level', 'error'],
    ...['--ip', '127.0.0.1', '--port', String(port), '--ui-ip', '127.0.0.1', '--ui-port', String(uiPort)],
    ...['--db-filename', join(folder, 'temporal.db')],
    // Without these two a turn costs 1.8 times as much, measured. `normal` survives the end of any process and may lose the
    // last transactions when the machine loses power.
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', `synchronous=${site.fast ? 'off' : 'normal'}`],
    // Tests see conversations go on in a new run after some 30 turns instead of 700.
    ...(site.fast ? ['--dynamic-config-value', 'limit.historyCount.suggestContinueAsNew=200'] : []),
    ...Object.values(searchAttributes).flatMap(({ name, type }) => ['--search-attribute', `${name}=${TYPE[type]}`]),
  ];
};

const external = async (site: Site, address: string): Promise<TemporalService> => {
  try {
    await reach(address);
  } catch (error) {
    throw new CannotProvide(`TEMPORAL_ADDRESS is set, but no Temporal answers there: ${reasonOf(error)}`);
  }
  const added = await prepare(address, site.config.TEMPORAL_NAMESPACE);
  const remark = added.length > 0 ? `, search attributes added: ${added.join(' ')}` : '';
  return { name: 'Temporal', source: 'environment', detail: `TEMPORAL_ADDRESS${remark}`, url: address, ui: null };
};

/** No conversation can start where the search attributes are unknown. */
const prepare = async (address: string, namespace: string): Promise<string[]> => {
  const connection = await Connection.connect({ address });
  try {
    return await addSearchAttributes(connection, namespace);
  } catch (error) {
    const wanted = Object.values(searchAttributes).map(({ name, type }) => `${name} (${TYPE[type]})`);
    throw new CannotProvide(
      `search attributes could not be added to the namespace ${namespace} (${reasonOf(error)}): add them there by hand: ${wanted.join(', ')}`,
    );
  } finally {
    await connection.close();
  }
};

const TYPE = { KEYWORD: 'Keyword', INT: 'Int', DATETIME: 'Datetime' } as const;

/** Resolves when a Temporal server answers at `address`, within 5 s. */
const reach = async (address: string): Promise<void> => {
  const connection = Connection.lazy({ address, connectTimeout: '5s' });
  try {
    await connection.ensureConnected();
  } finally {
    await connection.close();
  }
};
