import type { Logger as TemporalLogger } from '@temporalio/worker';
import { type Logger, pino } from 'pino';

export type LoggerOptions = { level: string; node: string };

/** One JSON object per line. Errors are their kind, message and stack: a database puts rows into its other properties. */
export const createLogger = ({ level, node }: LoggerOptions, destination?: pino.DestinationStream): Logger => {
  const options = { level, base: { node }, serializers: { err: told } };
  return destination ? pino(options, destination) : pino(options);
};

const told = (error: unknown) =>
  error instanceof Error
    ? { type: error.name, message: error.message, stack: error.stack }
    : { type: typeof error, message: 'thrown without an error' };

/**
 * Temporal's log lines, as lines of ours. What is logged in an activity or a workflow carries `workflowId`, `runId` and
 * `conversationId`, by which the lines of every process are found; payloads are never in one.
 */
export const temporalLogger = (logger: Logger): TemporalLogger => {
  const at =
    (level: 'trace' | 'debug' | 'info' | 'warn' | 'error') => (message: string, meta?: Record<string, unknown>) =>
      logger[level](fieldsOf(meta), message);
  const levels = { trace: at('trace'), debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') };
  return {
    ...levels,
    log: (level, message, meta) => levels[LEVELS[level]](message, meta),
  };
};

const LEVELS = { TRACE: 'trace', DEBUG: 'debug', INFO: 'info', WARN: 'warn', ERROR: 'error' } as const;

/** A task token is 200 characters that only the server can read. */
const fieldsOf = ({ taskToken: _unread, workflowRunId, error, ...meta }: Record<string, unknown> = {}) => ({
  ...meta,
  // Activities call it otherwise than workflows.
  ...(workflowRunId === undefined ? {} : { runId: workflowRunId }),
  // Temporal's native core tells an error in words.
  ...(error === undefined ? {} : error instanceof Error ? { err: error } : { error }),
  ...(isConversation(meta.workflowId) ? { conversationId: meta.workflowId } : {}),
});

/** The id of a conversation is the id of its workflow. */
const isConversation = (workflowId: unknown): boolean =>
  typeof workflowId === 'string' && workflowId.startsWith('cnv_');
