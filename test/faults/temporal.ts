import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Connection } from '@temporalio/client';
import { addSearchAttributes } from '../../cli/search-attributes.ts';
import { launcherConfig, readConfig } from '../../config.ts';
import { thisMachine } from '../../local/machine.ts';
import { createPorts } from '../../local/ports.ts';
import { findTemporalProgram } from '../../local/services/temporal-program.ts';

/**
 * A Temporal server of a test's own, with a database file, that can be killed and started again on the same port.
 * `continueAfter` is the number of events at which it suggests to continue as new, if not its own.
 */
export const startTemporal = async ({ continueAfter }: { continueAfter?: number } = {}) => {
  const folder = mkdtempSync(join(tmpdir(), 'duradesk-temporal-'));
  const { path } = await findTemporalProgram(
    thisMachine(readConfig(launcherConfig, { PATH: process.env.PATH }), () =>
      Promise.reject(new Error('Temporal is not here: run npm start once')),
    ),
    () => {},
  );
  const ports = createPorts(join(folder, 'ports'), { asPreferred: false });
  const port = await ports.free();
  const address = `127.0.0.1:${port}`;
  let server = await launch(path, address, [
    ...['server', 'start-dev', '--headless', '--log-level', 'error', '--ip', '127.0.0.1', '--port', `${port}`],
    ...['--db-filename', join(folder, 'temporal.db')],
    ...['--sqlite-pragma', 'journal_mode=wal', '--sqlite-pragma', 'synchronous=off'],
    ...(continueAfter === undefined
      ? []
      : ['--dynamic-config-value', `limit.historyCount.suggestContinueAsNew=${continueAfter}`]),
  ]);
  const args = server.spawnargs.slice(1);
  const connection = await Connection.connect({ address });
  await addSearchAttributes(connection, 'default');
  await connection.close();
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return {
    address,
    kill,
    /** Kills it if it runs and starts it on what it had written down. */
    async restart(): Promise<void> {
      await kill();
      server = await launch(path, address, args);
    },
    async stop(): Promise<void> {
      await kill();
      ports.release();
      rmSync(folder, { recursive: true, force: true });
    },
  };
};

export type TestTemporal = Awaited<ReturnType<typeof startTemporal>>;

/** Resolves when the server answers. It dies with this process, whatever kills that. */
const launch = async (path: string, address: string, args: string[]): Promise<ChildProcess> => {
  const server = spawn(path, args, { stdio: ['ignore', 'ignore', 'inherit'] });
  const watchdog = spawn('sh', ['-c', `read _; kill -9 ${server.pid}`], { stdio: ['pipe', 'ignore', 'ignore'] });
  server.once('exit', () => watchdog.kill('SIGKILL'));
  for (let attempt = 1; ; attempt += 1) {
    const connection = Connection.lazy({ address, connectTimeout: '2s' });
    try {
      await connection.ensureConnected();
      return server;
    } catch (error) {
      if (attempt === 20 || server.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    } finally {
      await connection.close();
    }
  }
};
