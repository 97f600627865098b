import { beforeAll, expect, test } from '@jest/globals';
import { Runtime } from '@temporalio/worker';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { replay } from '../../workers/replay.ts';
import { recordedHistories } from './histories.ts';

const RECORD =
  'npm test -- --selectProjects replay, or, when no such conversation can be running any more: npm run record';

let bundle: string;
beforeAll(async () => {
  Runtime.install({
    shutdownSignals: [],
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  });
  bundle = await bundleWorkflows();
});

test('every committed history is replayed by the workflow code as it is', async () => {
  const histories = recordedHistories();
  expect(histories.length).toBeGreaterThanOrEqual(6);
  expect(await replay(bundle, histories, RECORD)).toBe(histories.length);
});

test('code that does something else is refused, with the names of the histories and what to do', async () => {
  // The conversation opens its record by another activity than every history says.
  const broken = bundle.replaceAll('.openConversation(', '.resolveConversation(');
  expect(broken).not.toBe(bundle);
  const plain = recordedHistories().filter(({ name }) => name.includes('plain'));
  const failure = await replay(broken, plain, RECORD).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name: 'ReplayBroken', broken: plain.map(({ name }) => name) });
  expect(String(failure)).toContain('npm run record');
});
