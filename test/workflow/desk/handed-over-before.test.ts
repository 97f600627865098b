import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Engine, startEngine } from '../../engine.ts';
import { companyWithDesk, deskOf } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';

const { desk, loaded } = companyWithDesk({ idle: { warnAfter: 600_000, closeAfter: 900_000 } });
let engine: Engine;
beforeAll(async () => {
  engine = await startEngine({ model: scriptedModel(() => says('Here you are.')), loaded });
});
afterAll(() => engine.stop());

/** What a worker has told everybody of a handoff before it died: Postgres alone, or the log too. */
test.each([[false], [true]])(
  'a handoff that Temporal never heard of is made once more (log told: %s)',
  async (isLogTold) => {
    const id = engine.newConversation();
    await engine.send(id, 'message-1', 'hello there');
    await engine.ended(id, 1);
    await engine.settled(id, 1);
    await engine.owners.change({ conversationId: id, term: 1, heldBy: 'waiting', agent: null, desk });
    if (isLogTold) await engine.events.open(id, { term: 1, turn: 2 }, { once: [], always: () => [], closing: true });
    await engine.send(id, 'message-2', 'I want to talk to a person');
    expect(await engine.ended(id, 2)).toMatchObject({ text: 'A person will take over.', end: 'escalated' });
    const waits = async () => (await deskOf(engine, desk)).entries.find(({ conversationId }) => conversationId === id);
    while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(await waits()).toMatchObject({ term: 1, reason: 'asked' });
  },
);
