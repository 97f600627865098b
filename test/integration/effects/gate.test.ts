import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Verdict } from '../../../activities/gate.ts';
import { createConversations } from '../../../store/conversations.ts';
import { createSteps } from '../../../store/steps.ts';
import { freshDatabase } from '../../database.ts';
import { createEffectRig, payingPlaybook } from './rig.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

type Change = Parameters<typeof payingPlaybook>[0];
const rigOf = (pay: Change = {}) => createEffectRig(database, payingPlaybook(pay));
const pay = (amount: unknown, id?: string): [string, string, string?] =>
  ['pay', JSON.stringify({ amount }), ...(id ? [id] : [])] as [string, string, string?];
const kindOf = (verdict: Verdict): string => (verdict.kind === 'refused' ? verdict.reason : verdict.kind);
const signal = new AbortController().signal;

/** What the gate says to each call of one turn, in order. */
const verdicts = async (change: Change, ...calls: [string, string, string?][]): Promise<string[]> => {
  const rig = rigOf(change);
  const caller = await rig.conversation();
  const said: string[] = [];
  for (const step of await rig.decide(caller, calls)) said.push(kindOf(await rig.gate.pass(caller, step)));
  return said;
};

describe('limits', () => {
  test('by count and by sum, whichever is reached first', async () => {
    expect(await verdicts({ limits: { perTurn: 2 } }, pay(1), pay(2), pay(3))).toEqual([
      'effect',
      'effect',
      'per_turn',
    ]);
    const sum = { argument: 'amount', perDay: 100 };
    expect(await verdicts({ limits: { sum } }, pay(60), pay(41), pay(40), pay(1))).toEqual([
      'effect',
      'sum_per_day',
      'effect',
      'sum_per_day',
    ]);
  });

  test('a sum that cannot be read is not let through', async () => {
    const change = { limits: { sum: { argument: 'note', perDay: 100 } } };
    const noted = (note: unknown): [string, string] => ['pay', JSON.stringify({ amount: 1, note })];
    expect(await verdicts(change, pay(1), noted('-5'), noted('1e9'), noted('Infinity'), noted('12.50'))).toEqual([
      'bad_arguments',
      'bad_arguments',
      'bad_arguments',
      'bad_arguments',
      'effect',
    ]);
  });

  test('hold for twenty conversations of one customer at the same moment, and not for another customer', async () => {
    const rig = rigOf({ limits: { sum: { argument: 'amount', perDay: 100 } } });
    const owner = `customer:${Math.random()}`;
    const callers = await Promise.all(Array.from({ length: 20 }, () => rig.conversation(owner)));
    const said = await Promise.all(
      callers.map(async (caller) => {
        const [step] = await rig.decide(caller, [pay(30)]);
        return step ? kindOf(await rig.gate.pass(caller, step)) : 'none';
      }),
    );
    expect(said.filter((kind) => kind === 'effect')).toHaveLength(3);
    const other = await rig.conversation();
    const [step] = await rig.decide(other, [pay(30)]);
    expect(step && kindOf(await rig.gate.pass(other, step))).toBe('effect');
  });

  test('what failed or was cancelled leaves room', async () => {
    const rig = rigOf({ confirm: true, limits: { sum: { argument: 'amount', perDay: 100 } } });
    const caller = await rig.conversation();
    const [first, second] = await rig.decide(caller, [pay(100), pay(99)]);
    if (!first || !second) throw new Error('nothing was decided');
    const proposed = await rig.gate.pass(caller, first);
    expect(kindOf(await rig.gate.pass(caller, second))).toBe('sum_per_day');
    if (proposed.kind !== 'effect') throw new Error('not proposed');
    await rig.proposals.close(proposed.effect, 'cancelled', 'customer', '');
    expect(kindOf(await rig.gate.pass(caller, second))).toBe('effect');
  });
});

describe('approval', () => {
  const change = { confirm: true, approval: { argument: 'amount', above: 100, expiresAfter: '1h' } };

  test('is asked for from the piece on that goes above the limit', async () => {
    const rig = rigOf(change);
    const caller = await rig.conversation();
    const approvers: number[] = [];
    for (const step of await rig.decide(caller, [pay(60), pay(40), pay(1), pay(100.01)])) {
      const verdict = await rig.gate.pass(caller, step);
      if (verdict.kind === 'effect') approvers.push(verdict.effect.approvers);
    }
    expect(approvers).toEqual([0, 0, 1, 1]);
  });

  test('is of these arguments: without it, or with that of others, nothing is called', async () => {
    const rig = rigOf(change);
    const caller = await rig.conversation();
    const [step] = await rig.decide(caller, [pay(200)]);
    if (!step) throw new Error('nothing was decided');
    const verdict = await rig.gate.pass(caller, step);
    if (verdict.kind !== 'effect') throw new Error('not proposed');
    const { effect } = verdict;
    await rig.proposals.awaitApproval(effect, new Date(Date.now() + 60_000));
    await rig.proposals.approve(effect, 'f'.repeat(64), 'grace', null);
    expect(await rig.effects.attempt(effect, 0)).toMatchObject({ kind: 'refused', reason: 'not_approved' });
    await rig.proposals.approve(effect, effect.argumentsHash, 'grace', null);
    expect((await rig.run(caller, effect, signal)).state).toBe('done');
    expect(rig.outside.payments).toHaveLength(1);
  });
});

describe('a call', () => {
  test('asked for twice is one effect: under one id, with one set of arguments, or by a task that runs again', async () => {
    expect(await verdicts({}, pay(1, 'x'), pay(2, 'x'))).toEqual(['effect', 'repeated_id']);
    expect(await verdicts({}, pay(1), ['pay', '{ "amount" : 1.0 }'])).toEqual(['effect', 'duplicate']);
    const rig = rigOf();
    const caller = await rig.conversation();
    const [step] = await rig.decide(caller, [pay(1)]);
    if (!step) throw new Error('nothing was decided');
    const [once, again] = await Promise.all([rig.gate.pass(caller, step), rig.gate.pass(caller, step)]);
    expect(again).toEqual(once);
    expect((await rig.audited(caller)).map(({ action }) => action)).toEqual(['effect.intended']);
  });

  test('that is in the ledger stays decided, whatever a model says after a reset', async () => {
    const rig = rigOf();
    const caller = await rig.conversation();
    const [step] = await rig.decide(caller, [pay(1)]);
    if (!step) throw new Error('nothing was decided');
    const verdict = await rig.gate.pass(caller, step);
    if (verdict.kind !== 'effect') throw new Error('not in the ledger');
    await rig.run(caller, verdict.effect, signal);
    const claim = { ...caller, generation: 'generation-a', attempt: 1 };
    const other = { call: 0, toolCallId: '0.0.x', name: 'pay', arguments: '{"amount":99}', preamble: '' };
    expect(await createSteps(database.db).decide(claim, 0, [other, { ...other, call: 1 }])).toEqual([
      { call: 0, name: 'pay' },
    ]);
    const [stands] = [await createSteps(database.db).get(caller.conversationId, 1, 0)];
    expect(stands?.arguments).toBe('{"amount":1}');
    await rig.run(caller, verdict.effect, signal);
    expect(rig.outside.payments).toMatchObject([{ amount: 1 }]);
  });

  test('of somebody else’s conversation, or of one that a person has taken over, begins nothing', async () => {
    const rig = rigOf();
    const caller = await rig.conversation();
    const [first, second] = await rig.decide(caller, [pay(1), pay(2)]);
    if (!first || !second) throw new Error('nothing was decided');
    expect(kindOf(await rig.gate.pass({ ...caller, owner: 'customer:thief' }, first))).toBe('not_owner');
    const begun = await rig.gate.pass(caller, first);
    await database.db.updateTable('conversations').set({ term: 1 }).where('id', '=', caller.conversationId).execute();
    expect(kindOf(await rig.gate.pass(caller, second))).toBe('overtaken');
    if (begun.kind !== 'effect') throw new Error('not begun');
    expect((await rig.run(caller, begun.effect, signal)).state).toBe('failed');
    expect(rig.outside.payments).toEqual([]);
  });

  test('of a worker that was frozen and wakes up does not say that nothing was sent, when another has called since', async () => {
    const rig = rigOf();
    const caller = await rig.conversation();
    const [step] = await rig.decide(caller, [pay(1)]);
    if (!step) throw new Error('nothing was decided');
    const begun = await rig.gate.pass(caller, step);
    if (begun.kind !== 'effect') throw new Error('not begun');
    const frozen = await rig.effects.attempt(begun.effect, 0);
    const other = await rig.effects.attempt(begun.effect, 0);
    expect([frozen, other]).toMatchObject([{ again: false }, { again: true }]);
    await new Promise((resolve) => setTimeout(resolve, 5));
    const called = await rig.effects.attemptedAgain(other.effect);
    await rig.effects.notSent(frozen.effect);
    expect((await rig.effects.get(begun.effect))?.attemptedAt).toEqual(called.attemptedAt);
    await rig.effects.notSent(called);
    expect((await rig.effects.get(begun.effect))?.attemptedAt).toBeNull();
  });

  test('waits for a takeover in progress, and is not made after it', async () => {
    const rig = rigOf();
    const caller = await rig.conversation();
    const [step] = await rig.decide(caller, [pay(1)]);
    if (!step) throw new Error('nothing was decided');
    const begun = await rig.gate.pass(caller, step);
    if (begun.kind !== 'effect') throw new Error('not begun');
    let running: Promise<{ state: string }> | undefined;
    await database.db.transaction().execute(async (tx) => {
      await tx.updateTable('conversations').set({ term: 1 }).where('id', '=', caller.conversationId).execute();
      running = rig.run(caller, begun.effect, signal);
      await new Promise((resolve) => setTimeout(resolve, 50));
    });
    expect((await running)?.state).toBe('failed');
    expect(rig.outside.payments).toEqual([]);
  });
});

test('an undo takes back once, within its time, and through the same gate', async () => {
  const rig = rigOf({ undo: { tool: 'cancel_payment', within: '1m', arguments: { paymentId: 'result.paymentId' } } });
  const caller = await rig.conversation();
  const [step] = await rig.decide(caller, [pay(10)]);
  if (!step) throw new Error('nothing was decided');
  const verdict = await rig.gate.pass(caller, step);
  if (verdict.kind !== 'effect') throw new Error('not in the ledger');
  await rig.run(caller, verdict.effect, signal);
  const undo: [string, string] = ['undo_action', '{"action":"1.0"}'];
  const said: string[] = [];
  for (const each of await rig.decide(caller, [undo, undo, ['undo_action', '{"action":"1.1"}']], 1)) {
    const passed = await rig.gate.pass(caller, each);
    if (passed.kind === 'effect') await rig.run(caller, passed.effect, signal);
    said.push(kindOf(passed));
  }
  expect(said).toEqual(['effect', 'bad_arguments', 'bad_arguments']);
  expect(rig.outside.payments).toMatchObject([{ amount: 10, cancelled: true }]);
  expect((await rig.effects.get(verdict.effect))?.state).toBe('undone');
});

test('a conversation that ends takes its open questions with it', async () => {
  const rig = rigOf({ confirm: true });
  const caller = await rig.conversation();
  const [step] = await rig.decide(caller, [pay(10)]);
  if (!step) throw new Error('nothing was decided');
  const verdict = await rig.gate.pass(caller, step);
  if (verdict.kind !== 'effect') throw new Error('not in the ledger');
  await rig.proposals.expire(caller.conversationId);
  await createConversations(database.db).resolve(caller.conversationId, { outcome: 'assistant', reason: 'idle' });
  expect((await rig.run(caller, verdict.effect, signal)).state).toBe('expired');
  expect(rig.outside.payments).toEqual([]);
});
