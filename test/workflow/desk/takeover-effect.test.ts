import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { tool } from '../../../contracts/playbook-tools.ts';
import type { ModelPart } from '../../../integrations/model.ts';
import { createOutsideSystem, type Fate } from '../../doubles/outside-system.ts';
import { type Engine, startEngine } from '../../engine.ts';
import { createRandom } from '../../faults/random.ts';
import { companyWithDesk, personAt } from '../../people.ts';
import { says, scriptedModel } from '../../scripted-model.ts';
import { watch } from '../../watch.ts';

/** Takeovers around a confirmed payment that takes a while. */
const TAKEOVERS = 40;
const PAYING_MS = 120;
const SEED = Number(process.env.F21_SEED ?? Date.now() % 1_000_000);

const pays: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'pay', arguments: '{"amount":40}' }] },
  { type: 'finish', reason: 'tools' },
];
const model = scriptedModel(({ messages }) => {
  const last = messages.at(-1);
  return last?.role !== 'tool' && last?.content === 'pay' ? pays : [100, ...says('So it is.')];
});

const outside = createOutsideSystem();
const pay = { provider: 'outside', name: 'pay', title: 'Pay', use: 'verified', kind: 'effect', confirm: true };
const { desk, loaded } = companyWithDesk({ tools: [tool.parse({ ...pay, inject: { requestId: 'effect.key' } })] });
let engine: Engine;
beforeAll(async () => {
  outside.meets(async (): Promise<Fate> => {
    await pause(PAYING_MS);
    return 'answers';
  });
  engine = await startEngine({ model, loaded, providers: async () => [outside.provider] });
});
afterAll(() => engine.stop());

const ledgerOf = (id: string) =>
  engine.database.db
    .selectFrom('effects')
    .select(['key', 'state', 'attempted_at'])
    .where('conversation_id', '=', id)
    .executeTakeFirstOrThrow();

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, Math.max(ms, 0)));

/** What went wrong with a takeover that comes `delay` ms after the customer has confirmed, or before. */
const takeOver = async (n: number, delay: number): Promise<{ isPaid: boolean; wrong: string[] }> => {
  const ann = personAt(engine, desk);
  const id = engine.newConversation();
  const owner = `customer:cus_${n}`;
  const seen = await watch(engine.reader, id);
  await engine.send(id, 'message-1', 'pay', owner);
  await engine.ended(id, 1);
  await engine.send(id, 'message-2', 'a human please', owner);
  await ann.become('online');
  const { offer } = await ann.offer();
  const [card] = await engine.cards(id);
  if (!card) throw new Error('there is no card');
  const decision = { action: card.id, argumentsHash: card.argumentsHash, decision: 'confirm' as const };
  const confirmed = pause(-delay)
    .then(() => engine.decide(id, { commandId: `command-pay-${n}`, ...decision }))
    .catch(() => null);
  await pause(delay);
  await ann.answer(offer, 'accept');
  while ((await engine.owners.of(id))?.heldBy !== 'agent') await pause(2);
  const acknowledged = Date.now();
  const shown = seen.events.length;
  await confirmed;
  await seen.until((events) => events.some(({ event }) => event.type === 'owner.changed' && event.owner === 'agent'));
  while (['proposed', 'intended'].includes((await ledgerOf(id)).state)) await pause(10);
  const { key, state, attempted_at } = await ledgerOf(id);
  await seen.until(
    (events) =>
      events.some(({ event }) => event.type === 'action.changed' && event.action.state === state) ||
      state === 'proposed',
  );
  const payments = outside.paidUnder(key).length;
  const spoken = seen.events.slice(shown).filter(({ event }) => event.type === 'reply.delta').length;
  await ann.release(id, 'resolve');
  await ann.become('offline');
  const isPaid = payments > 0;
  return {
    isPaid,
    wrong: [
      ...(payments > 1 ? ['paid twice'] : []),
      ...(isPaid !== (state === 'done') ? [`paid ${payments} times, and shown as ${state}`] : []),
      ...(attempted_at && attempted_at.getTime() > acknowledged ? ['begun after the acknowledgement'] : []),
      ...(spoken > 0 ? ['the assistant spoke after the acknowledgement'] : []),
    ],
  };
};

test(`${TAKEOVERS} takeovers around an effect: it is done and shown, or never begun`, async () => {
  console.log(`F21_SEED=${SEED}`);
  const random = createRandom(SEED);
  const taken = [];
  for (let n = 0; n < TAKEOVERS; n++) taken.push(await takeOver(n, random.int(-PAYING_MS, 2 * PAYING_MS)));
  const paid = taken.filter(({ isPaid }) => isPaid).length;
  console.log(`${paid} were paid, ${TAKEOVERS - paid} never begun`);
  expect(taken.flatMap(({ wrong }) => wrong)).toEqual([]);
  expect(paid).toBeGreaterThan(0);
}, 180_000);
