import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createPorts } from '../local/ports.ts';

export type TestRedis = {
  url: string;
  port: number;
  /** SIGKILL, and waits until it is gone. */
  kill(): Promise<void>;
  /** Kills it if it runs and starts it again on the same port; nothing was kept. */
  restartEmpty(): Promise<void>;
  /** SIGSTOP: connections stay open, nothing answers. `thaw` ends it. */
  freeze(): void;
  thaw(): void;
  /** Kills it and removes its folder. */
  stop(): Promise<void>;
};

/**
 * A redis-server of the test's own, on a free loopback port and without persistence. `args` are added to its command line
 * (`--cluster-enabled yes`, `--replicaof 127.0.0.1 7001`, `--maxmemory 2mb`). It dies with the test process, whatever kills that.
 */
export const startRedis = async (args: string[] = []): Promise<TestRedis> => {
  const folder = await mkdtemp(join(tmpdir(), 'duradesk-redis-'));
  const ports = createPorts(join(folder, 'ports'), { asPreferred: false });
  const port = await ports.free();
  const own = ['--port', `${port}`, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder];
  let server = await launch([...own, ...args]);

  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    kill,
    async restartEmpty() {
      await kill();
      server = await launch([...own, ...args]);
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    async stop() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
};

/** Resolves when the server says that it takes connections; rejects with what it printed when it exits instead. */
const launch = (args: string[]): Promise<ChildProcess> =>
  new Promise((resolve, reject) => {
    const server = spawn('redis-server', args, { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    server.stdout.on('data', (chunk: Buffer) => {
      printed += chunk;
      if (printed.includes('Ready to accept connections')) resolve(server);
    });
    // Its input ends with this process, even by SIGKILL.
    const watchdog = spawn('sh', ['-c', `read _; kill -9 ${server.pid}`], { stdio: ['pipe', 'ignore', 'ignore'] });
    server.once('exit', () => watchdog.kill('SIGKILL'));
    server.once('error', (error) => reject(new Error(`redis-server must be on PATH: ${error.message}`)));
    server.once('exit', (code) => reject(new Error(`redis-server ${args.join(' ')} exited with ${code}:\n${printed}`)));
  });
