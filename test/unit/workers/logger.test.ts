import { expect, test } from '@jest/globals';
import { createLogger, temporalLogger } from '../../../workers/logger.ts';

const written = (log: (logger: ReturnType<typeof temporalLogger>) => void) => {
  const lines: string[] = [];
  const logger = createLogger({ level: 'info', node: 'worker-1' }, { write: (line: string) => lines.push(line) });
  log(temporalLogger(logger));
  return lines.map((line): Record<string, unknown> => JSON.parse(line));
};

test('a line of a workflow or activity names its conversation, workflow and run, and not its task token', () => {
  const [line] = written((logger) =>
    logger.warn('Activity failed', {
      workflowId: 'cnv_1',
      workflowRunId: 'run',
      activityType: 'reply',
      taskToken: 'secret',
    }),
  );
  expect(line).toMatchObject({
    node: 'worker-1',
    msg: 'Activity failed',
    conversationId: 'cnv_1',
    workflowId: 'cnv_1',
    runId: 'run',
    activityType: 'reply',
  });
  expect(line).not.toHaveProperty('taskToken');
});

test('of an error only kind, message and stack are written: its other properties may hold rows', () => {
  const error = Object.assign(new TypeError('no such column'), { detail: 'Failing row contains (canary)' });
  const [line] = written((logger) => logger.log('ERROR', 'Activity failed', { error }));
  expect(line).toMatchObject({ level: 50, err: { type: 'TypeError', message: 'no such column' } });
  expect(JSON.stringify(line)).not.toContain('canary');
});

test('what is below the level is not written, and a line needs no fields', () => {
  expect(written((logger) => logger.debug('polled'))).toEqual([]);
  expect(written((logger) => logger.info('started'))).toMatchObject([{ msg: 'started' }]);
});
