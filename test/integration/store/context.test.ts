import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Subject } from '../../../contracts/ids.ts';
import { createConversations } from '../../../store/conversations.ts';
import { createSteps } from '../../../store/steps.ts';
import { createSummaries } from '../../../store/summaries.ts';
import { type Claim, createTurns, type Reply } from '../../../store/turns.ts';
import { freshDatabase } from '../../database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const conversationOf = async (owner: Subject): Promise<string> => {
  const conversationId = `cnv_${randomUUID()}`;
  await createConversations(database.db).open({ conversationId, owner, channel: 'web' }, 'v1');
  return conversationId;
};
const claimOf = (conversationId: string, turn: number, attempt = 1): Claim => ({
  conversationId,
  term: 0,
  turn,
  generation: 'generation-a',
  attempt,
});
const take = async (claim: Claim, change: Partial<Reply> = {}): Promise<boolean> => {
  await createTurns(database.db).claim(claim, [], 0);
  return createTurns(database.db).finish(claim, {
    ...{ id: `a:${claim.turn}`, text: 'answer', end: 'final', sources: [], at: '2026-01-01T00:00:01.000Z' },
    ...change,
  });
};
const contextOf = async (conversationId: string) => {
  const claim = { ...claimOf(conversationId, 1_000), generation: randomUUID() };
  const claimed = await createTurns(database.db).claim(claim, [], 0);
  if (claimed.kind !== 'claimed') throw new Error(`the turn was ${claimed.kind}`);
  return claimed.context;
};

test('facts and summaries follow a signed-in customer, and nobody else', async () => {
  const [first, second] = [await conversationOf('customer:ada'), await conversationOf('customer:ada')];
  await take(claimOf(first, 1), { facts: [{ name: 'size', value: '43' }] });
  await take(claimOf(second, 1), { facts: [{ name: 'size', value: '44' }] });
  await createSummaries(database.db).put(first, 1, 'Ada asked for boots.');
  expect(await contextOf(second)).toMatchObject({
    summary: null,
    facts: [
      { name: 'size', value: '43' },
      { name: 'size', value: '44' },
    ],
    earlier: ['Ada asked for boots.'],
  });
  expect(await contextOf(await conversationOf('customer:adam'))).toMatchObject({ facts: [], earlier: [] });
  const visitor = 'visitor:0123456789012345678901';
  await take(claimOf(await conversationOf(visitor), 1), { facts: [{ name: 'size', value: '45' }] });
  expect(await contextOf(await conversationOf(visitor))).toMatchObject({ facts: [], earlier: [] });
});

test('a summary that reaches less far never replaces one that reaches further', async () => {
  const id = await conversationOf('customer:eve');
  const summaries = createSummaries(database.db);
  await summaries.put(id, 16, 'sixteen');
  await summaries.put(id, 8, 'eight');
  expect((await contextOf(id)).summary).toEqual({ turn: 16, text: 'sixteen' });
  expect((await summaries.material(id, 16)).said).toEqual([]);
});

test('what a turn cost is counted once, over its rounds, and not for an attempt that lost it', async () => {
  const id = await conversationOf('customer:cy');
  const { spent: before } = await contextOf(id);
  const first = claimOf(id, 1);
  await createTurns(database.db).claim(first, [], 0);
  const call = { call: 0, toolCallId: 'a', name: 'get', arguments: '{}', preamble: '' };
  expect(await createSteps(database.db).decide(first, 0, [call], 100)).toEqual([{ call: 0, name: 'get' }]);
  await createTurns(database.db).claim(claimOf(id, 1, 2), [], 1);
  const late = {
    id: 'a:1',
    text: 'late',
    end: 'final',
    sources: [],
    at: '2026-01-01T00:00:01.000Z',
    tokens: 7,
  } as const;
  expect(await createTurns(database.db).finish(first, { ...late, sources: [] })).toBe(false);
  expect(await take(claimOf(id, 1, 3), { tokens: 50 })).toBe(true);
  const { spent } = await contextOf(id);
  expect(spent).toEqual({ conversation: 150, day: before.day + 150 });
});
