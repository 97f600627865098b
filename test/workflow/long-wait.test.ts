import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { queuedModel } from '../../activities/queued-model.ts';
import { createMemoryModelQueue } from '../../stream/memory-model-queue.ts';
import type { Place } from '../../stream/model-queue.ts';
import { PLENTY, takeFree } from '../contracts/model-queue/rig.ts';
import { type Engine, startEngine } from '../engine.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';
import { watch } from '../watch.ts';

const queue = createMemoryModelQueue(() => ({ ...PLENTY, concurrency: 1 }));
const model = scriptedModel(({ messages }) => says('You said: ', messages.at(-1)?.content ?? ''));

let engine: Engine;
beforeAll(async () => {
  const budgets = { promptTokens: 1_500, replyTokens: 300, toolCallsPerTurn: 4, turnSeconds: 20 };
  engine = await startEngine({ model: queuedModel(model, queue), loaded: testPlaybook({ budgets }) });
});
afterAll(() => engine.stop());

/** Somebody else's call has the only place. */
const occupied = (): Promise<Place> => takeFree(queue, { share: 'somebody' });

test('a turn without a place waits in the slow path, is told so after 3 s, and is answered when there is one', async () => {
  const place = await occupied();
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'hello');
  await seen.until((events) => events.some(({ event }) => event.type === 'reply.delayed'));
  expect(seen.events.filter(({ event }) => event.type === 'reply.delta')).toEqual([]);
  place.leave({ result: 'ok' });
  expect(await engine.ended(id, 1)).toMatchObject({ text: 'You said: hello', end: 'final' });
  const { events } = await engine.client.workflow.getHandle(id).fetchHistory();
  const scheduled = events?.filter((event) => event.activityTaskScheduledEventAttributes) ?? [];
  expect(scheduled.map((event) => event.activityTaskScheduledEventAttributes?.priority)).toMatchObject([
    { priorityKey: 1, fairnessKey: expect.stringMatching(/^\w+$/) },
  ]);
}, 30_000);

test('a turn that gets no place in its time ends with a sentence, and its call waits no longer', async () => {
  const place = await occupied();
  const id = engine.newConversation();
  const begun = performance.now();
  await engine.send(id, 'message-1', 'hello');
  const reply = await engine.ended(id, 1, 25_000);
  expect(reply).toMatchObject({ end: 'failed', text: 'Something went wrong on our side.' });
  expect(performance.now() - begun).toBeLessThan(20_500);
  expect(queue.standing()).toMatchObject({ waiting: 0, talking: 1 });
  place.leave({ result: 'ok' });
}, 40_000);
