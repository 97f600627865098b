import { randomInt } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { isRunning, processRecord, readRecord, recordOf } from './process-record.ts';

/**
 * Hands out loopback ports that are free and that no other launcher on this machine was promised. Asking the system is
 * not enough: a port is chosen seconds before the process that listens on it is up, and two starts in two folders would
 * both choose 8080. So a promise is a file in `leases` that names its holder; it lapses when the holder is gone. And what the
 * system itself hands out may by then belong to somebody's outgoing connection: ports are taken from below those.
 */
export const createPorts = (leases: string, { asPreferred = true } = {}) => {
  mkdirSync(leases, { recursive: true, mode: 0o700 });
  const held: string[] = [];
  const self = recordOf(process.pid);

  const lease = (port: number): boolean => {
    const file = join(leases, `${port}.json`);
    const holder = readRecord(file, processRecord);
    if (holder && isRunning(holder)) return false;
    rmSync(file, { force: true });
    try {
      writeFileSync(file, JSON.stringify(self), { flag: 'wx' });
    } catch {
      return false;
    }
    held.push(file);
    return true;
  };

  return {
    /** `preferred` when it can be had (and preferences count here), else any. */
    async free(preferred?: number): Promise<number> {
      if (asPreferred && preferred !== undefined && (await canListen(preferred)) !== null && lease(preferred))
        return preferred;
      for (let attempt = 0; attempt < 50; attempt += 1) {
        const port = await canListen(randomInt(LOWEST, firstOutgoing()));
        if (port !== null && lease(port)) return port;
      }
      throw new Error('no free port on 127.0.0.1');
    },
    release(): void {
      for (const file of held.splice(0)) rmSync(file, { force: true });
    },
  };
};

export type Ports = ReturnType<typeof createPorts>;

/** Above the well-known ones that people set by hand. */
const LOWEST = 15_000;

/** From here up the system chooses ports for outgoing connections: ip(7), and 49152 on macOS (IANA's range). */
const firstOutgoing = (): number => {
  try {
    const first = Number.parseInt(readFileSync('/proc/sys/net/ipv4/ip_local_port_range', 'utf8'), 10);
    return first > LOWEST + 1_000 ? first : HIGHEST;
  } catch {
    return 49_152;
  }
};

/** Where the system leaves no room below its own, theirs are shared. */
const HIGHEST = 65_536;

const canListen = (port: number): Promise<number | null> =>
  new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(null));
    server.listen({ port, host: '127.0.0.1' }, () => {
      const address = server.address();
      server.close(() => resolve(address !== null && typeof address === 'object' ? address.port : null));
    });
  });
