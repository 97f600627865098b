import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createSettler } from '../../../activities/settling.ts';
import { createTicketDesk } from '../../../activities/ticket-desk.ts';
import { createBuiltInTicketing } from '../../../integrations/ticketing/built-in.ts';
import { createConversationTickets } from '../../../store/conversation-tickets.ts';
import { createConversations } from '../../../store/conversations.ts';
import type { Effect } from '../../../store/effect.ts';
import { createSettlings } from '../../../store/settlings.ts';
import { createTickets } from '../../../store/tickets.ts';
import { freshDatabase } from '../../database.ts';
import type { Fate } from '../../doubles/outside-system.ts';
import { createEffectRig, payingPlaybook } from './rig.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());
beforeEach(() => database.db.deleteFrom('effects').execute());

const LOOKED_UP = { lookup: 'find_payment', timeout: '20ms' };

/** A payment with its worker gone after `fate`, and what comes back to it. */
const leftBy = async (pay: Parameters<typeof payingPlaybook>[0], honoursKeys: boolean, fate: Fate) => {
  const { db } = database;
  const playbook = payingPlaybook(pay);
  const rig = createEffectRig(database, playbook, { honoursKeys });
  const caller = await rig.conversation();
  const [step] = await rig.decide(caller, [['pay', '{"amount":40}']]);
  if (!step) throw new Error('nothing was decided');
  const verdict = await rig.gate.pass(caller, step);
  if (verdict.kind !== 'effect') throw new Error('no effect');
  rig.outside.meets(() => fate);
  await rig.run(caller, verdict.effect, new AbortController().signal).catch(() => {});
  const told: string[] = [];
  const stopping = new AbortController();
  const settle = createSettler({
    ...rig,
    playbook,
    stopping: stopping.signal,
    settlings: createSettlings(db),
    conversations: createConversations(db),
    ticketDesk: createTicketDesk({
      system: 'built-in',
      ticketing: createBuiltInTicketing(createTickets(db)),
      crm: { find: async () => null },
      tickets: createConversationTickets(db),
    }),
    tellSettled: async ({ conversationId }, id) => {
      told.push(`${conversationId} ${id}`);
    },
  });
  return {
    ...rig,
    told,
    /** Time passes: whatever is waited for is due. */
    async settle(times = 1): Promise<void> {
      for (let left = times; left > 0; left -= 1) {
        await sql`update effects set look_at = now() where look_at is not null`.execute(db);
        await settle();
      }
    },
    due: () => settle(),
    effect: async (): Promise<Effect | null> => rig.effects.get(verdict.effect),
    openUntil: async () => {
      const { rows } = await sql<{ in: number | null }>`
        select extract(epoch from look_at - now())::float8 as in from effects`.execute(db);
      return rows[0]?.in ?? null;
    },
    giveUp: () => rig.effects.finish(verdict.effect, { state: 'unknown', result: '' }),
    tickets: async () => {
      const { rows } = await sql<{ subject: string; text: string }>`
        select subject, text from tickets join conversation_tickets on ticket_id = id::text
        where conversation_id = ${caller.conversationId}`.execute(db);
      return rows;
    },
    conversationId: caller.conversationId,
  };
};

test('what was done after all is found by its key, once for each look, and its customer is told once', async () => {
  for (const [pay, honoursKeys] of [
    [{}, true],
    [LOOKED_UP, false],
  ] as const) {
    const left = await leftBy(pay, honoursKeys, 'answer-lost');
    expect(await left.openUntil()).toBeGreaterThan(600);
    await left.giveUp();
    expect(await left.openUntil()).toBeLessThan(6);
    let asked = 0;
    left.outside.meets(() => {
      asked += 1;
      return asked < 3 ? 'never-arrives' : 'answers';
    });
    await left.settle(2);
    expect([asked, await left.openUntil()]).toEqual([2, expect.closeTo(80, 0)]);
    expect(left.told).toEqual([]);
    await left.settle(3);
    expect(await left.effect()).toMatchObject({ state: 'done' });
    expect(left.told).toEqual([`${left.conversationId} 1.0`]);
    expect([asked, left.outside.payments.length, await left.openUntil()]).toEqual([3, 1, null]);
    expect(await left.tickets()).toEqual([]);
    await database.db.deleteFrom('effects').execute();
  }
});

test('what is not there when nothing can be on its way any more was not done', async () => {
  const left = await leftBy({ ...LOOKED_UP, timeout: '1s' }, false, 'does-not-know');
  left.outside.payments.length = 0;
  await left.giveUp();
  left.outside.meets(() => 'answers');
  await left.settle();
  expect(await left.effect()).toMatchObject({ state: 'unknown' });
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await left.settle();
  expect(await left.effect()).toMatchObject({ state: 'failed', result: expect.stringContaining('not_done') });
  expect([left.told.length, left.outside.payments.length]).toEqual([1, 0]);
});

test('what nobody can say becomes one ticket, after seven looks, or at once where there is no way to ask', async () => {
  const away = await leftBy(LOOKED_UP, false, 'answer-lost');
  await away.giveUp();
  let asked = 0;
  away.outside.meets(() => {
    asked += 1;
    return 'never-arrives';
  });
  await away.settle(6);
  expect(await away.tickets()).toEqual([]);
  await away.settle(3);
  expect([asked, await away.openUntil()]).toEqual([7, null]);
  expect(await away.tickets()).toMatchObject([{ subject: 'Was this done? pay' }]);
  expect((await away.effect())?.state).toBe('unknown');
  await database.db.deleteFrom('effects').execute();

  const blind = await leftBy({ inject: {} }, false, 'answer-lost');
  await blind.settle(2);
  expect((await blind.tickets())[0]?.text).toContain('pay {"amount":40}');
  expect([blind.outside.payments.length, blind.told, await blind.openUntil()]).toEqual([1, [], null]);
});

test('one whose workers never came back is looked at too: called or not', async () => {
  const called = await leftBy({}, true, 'answer-lost');
  called.outside.meets(() => 'answers');
  await called.settle();
  expect(await called.effect()).toMatchObject({ state: 'unknown' });
  await called.settle();
  expect([(await called.effect())?.state, called.told.length]).toEqual(['done', 1]);
  await database.db.deleteFrom('effects').execute();

  const not = await leftBy({}, true, 'never-arrives');
  await not.settle(2);
  expect(await not.effect()).toMatchObject({ state: 'failed' });
  expect([not.outside.payments.length, not.told.length]).toEqual([0, 1]);
});

test('a key that its provider may have forgotten is not sent again, and an answer that comes late is told', async () => {
  const old = await leftBy({}, true, 'answer-lost');
  await old.giveUp();
  await sql`update effects set attempted_at = now() - interval '61 minutes'`.execute(database.db);
  let asked = 0;
  old.outside.meets(() => {
    asked += 1;
    return 'answers';
  });
  await old.settle();
  expect([asked, (await old.tickets()).length]).toEqual([0, 1]);
  const effect = await old.effect();
  if (!effect) throw new Error('it is gone');
  await old.effects.finish(effect, { state: 'done', result: '{}' });
  expect([await old.due(), old.told.length]).toEqual([true, 1]);
  expect(await old.due()).toBe(false);
});

test('two turns cannot both be the one in which it is told', async () => {
  const left = await leftBy({}, true, 'answer-lost');
  const effect = await left.giveUp();
  const { tellIn } = createSettlings(database.db);
  expect([await tellIn(effect, 4), await tellIn(effect, 5), await tellIn(effect, 4)]).toEqual([true, false, true]);
});
