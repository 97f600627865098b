import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../engine.ts';
import { companyWithDesk } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';
import { watch } from '../../watch.ts';

const NEVER = {
  week: { monday: [], tuesday: [], wednesday: [], thursday: [], friday: [], saturday: [], sunday: [] },
  holidays: [],
};
const { loaded } = companyWithDesk({ tickets: { on: [] } }, { hours: NEVER, whenClosed: 'ticket' });
let engine: Engine;
beforeAll(async () => {
  const model = scriptedModel(({ messages }) => says('You said: ', messages.at(-1)?.content ?? ''));
  engine = await startEngine({ model, loaded });
});
afterAll(() => engine.stop());

test('out of hours: one sentence says that there is a ticket, there is one, and the assistant goes on', async () => {
  const id = engine.newConversation();
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'I want to talk to a person');
  await seen.until((events) =>
    events.some(({ event }) => event.type === 'owner.changed' && event.owner === 'assistant' && event.term === 2),
  );
  await engine.send(id, 'message-2', 'and then?');
  await engine.ended(id, 2);
  expect((await engine.messages(id)).map(({ text }) => text)).toEqual([
    'I want to talk to a person',
    'We write to you.',
    'and then?',
    'You said: and then?',
  ]);
  const tickets = () =>
    engine.database.db.selectFrom('conversation_tickets').selectAll().where('conversation_id', '=', id).execute();
  while ((await tickets()).length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await tickets()).toHaveLength(1);
});
