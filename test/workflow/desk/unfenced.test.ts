import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../engine.ts';
import { companyWithDesk, personAt } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';
import { watch } from '../../watch.ts';

const WORDS = Array.from({ length: 60 }, (_, i) => `word${i} `);
const model = scriptedModel(() => says(...WORDS).flatMap((part) => [50, part]));

const { desk, loaded } = companyWithDesk();
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model, loaded, deskEvents: (events) => ({ ...events, raise: async () => {} }) });
});
afterAll(() => engine.stop());

test('what the fence of the log is for: without it the assistant speaks on after the takeover, and only the record is safe', async () => {
  const ann = personAt(engine, desk, { name: 'Ann' });
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'a human please');
  await engine.ended(id, 1);
  await engine.send(id, 'message-2', 'meanwhile?');
  const deltas = () => seen.events.filter(({ event }) => event.type === 'reply.delta' && event.turn === 2).length;
  await seen.until(() => deltas() > 3);
  await ann.become('online');
  await ann.accept();
  while ((await engine.owners.of(id))?.heldBy !== 'agent') await new Promise((resolve) => setTimeout(resolve, 5));
  const before = deltas();
  await seen.until(() => deltas() > before + 3);
  await seen.until((events) => events.some(({ event }) => event.type === 'owner.changed' && event.owner === 'agent'));
  const reply = (await engine.messages(id)).find((message) => message.id === 'a:2');
  expect(reply?.end).toBe('escalated');
  await ann.release(id, 'resolve');
  await ann.become('offline');
}, 60_000);
