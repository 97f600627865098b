import { once } from 'node:events';
import { createServer } from 'node:net';
import { type Logger, Runtime } from '@temporalio/worker';

const ATTEMPTS = 5;
const SCRAPE_MS = 1_000;

/**
 * Starts Temporal's native core for this process, its lines in `logger`. Its metrics are served by the core itself on a free
 * loopback port, rather than handed to JavaScript one update at a time: a turn makes some thirty of them. Somebody may take
 * the port between here and there, hence the attempts.
 *
 * @returns reads the core's metrics in Prometheus' text format; rejects after 1 s
 */
export const startRuntime = async (logger: Logger): Promise<() => Promise<string>> => {
  for (let attempt = 1; ; attempt += 1) {
    const bindAddress = `127.0.0.1:${await freePort()}`;
    try {
      Runtime.install({
        logger,
        shutdownSignals: [],
        telemetryOptions: {
          logging: { filter: { core: 'WARN', other: 'ERROR' }, forward: {} },
          metrics: {
            prometheus: { bindAddress, unitSuffix: true, useSecondsForDurations: true },
          },
        },
      });
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      continue;
    }
    return async () => {
      const answer = await fetch(`http://${bindAddress}/metrics`, { signal: AbortSignal.timeout(SCRAPE_MS) });
      return answer.text();
    };
  }
};

const freePort = async (): Promise<number> => {
  const probe = createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  probe.close();
  await once(probe, 'close');
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  return address.port;
};
