import type { Logger as TemporalLogger } from '@temporalio/worker';
import type { Logger } from 'pino';

/** Temporal's log lines, as lines of ours: one JSON object each, with workflow and run id where there is one. */
export const temporalLogger = (logger: Logger): TemporalLogger => {
  const at =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') =>
    (message: string, meta: object = {}) =>
      logger[level](meta, message);
  const levels = { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return {
    ...levels,
    log: (level, message, meta) => levels[LEVELS[level]](message, meta),
  };
};

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;
