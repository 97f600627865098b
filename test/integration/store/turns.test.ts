import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Message } from '../../../contracts/events.ts';
import { createConversations } from '../../../store/conversations.ts';
import { createTranscripts } from '../../../store/transcripts.ts';
import { type Claim, createTurns } from '../../../store/turns.ts';
import { freshDatabase } from '../../database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let conversationId: string;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  conversationId = `cnv_${randomUUID()}`;
  await createConversations(database.db).open({ conversationId, owner: 'customer:ada', channel: 'web' }, 'v1');
});

const turns = () => createTurns(database.db);
const transcript = () => createTranscripts(database.db).messages(conversationId);
const claimOf = (change: Partial<Claim> = {}): Claim => ({
  conversationId,
  term: 0,
  turn: 1,
  generation: 'generation-a',
  attempt: 1,
  ...change,
});
const question = (id: string, turn = 1): Message => ({
  id: `c:${id}`,
  author: 'customer',
  turn,
  text: `question ${id}`,
  at: '2026-01-01T00:00:00.000Z',
});
const answer = (text: string, turn = 1) => ({
  id: `a:${turn}`,
  text,
  end: 'final' as const,
  sources: [],
  at: '2026-01-01T00:00:01.000Z',
});

describe('a claimed turn', () => {
  test('records the question and, once finished, the answer', async () => {
    expect(await turns().claim(claimOf(), [question('one')], 0)).toEqual({
      kind: 'claimed',
      history: [],
      steps: [],
      answers: [],
      context: { summary: null, facts: [], earlier: [], spent: { conversation: 0, day: 0 } },
    });
    expect(await turns().finish(claimOf(), answer('hello'))).toBe(true);
    expect(await transcript()).toEqual([
      question('one'),
      { id: 'a:1', author: 'assistant', turn: 1, text: 'hello', at: '2026-01-01T00:00:01.000Z', end: 'final' },
    ]);
  });

  test('is given back as it was said when it is claimed after it was finished', async () => {
    await turns().claim(claimOf(), [question('one')], 0);
    await turns().finish(claimOf(), answer('hello'));
    expect(await turns().claim(claimOf({ attempt: 2 }), [question('one')], 0)).toMatchObject({
      kind: 'ended',
      reply: { text: 'hello', end: 'final' },
      answered: ['c:one'],
    });
    expect(await turns().finish(claimOf({ attempt: 2 }), answer('again'))).toBe(false);
  });

  test('that has its reply takes in no message that came after it', async () => {
    await turns().claim(claimOf(), [question('one')], 0);
    await turns().finish(claimOf(), answer('hello'));
    const again = await turns().claim(claimOf({ attempt: 2 }), [question('one'), question('two')], 0);
    expect(again).toMatchObject({ kind: 'ended', answered: ['c:one'] });
    expect((await transcript()).map(({ id }) => id)).toEqual(['c:one', 'a:1']);
  });

  test('knows what was said before, in order', async () => {
    await turns().claim(claimOf(), [question('one'), question('two')], 0);
    await turns().finish(claimOf(), answer('hello'));
    const second = await turns().claim(claimOf({ turn: 2 }), [question('three', 2)], 0);
    expect(second).toMatchObject({ kind: 'claimed', history: [{ id: 'c:one' }, { id: 'c:two' }, { id: 'a:1' }] });
  });
});

describe('a worker that was frozen', () => {
  test('cannot finish once a later attempt has claimed', async () => {
    await turns().claim(claimOf(), [question('one')], 0);
    await turns().claim(claimOf({ attempt: 2 }), [question('one')], 0);
    expect(await turns().finish(claimOf(), answer('late'))).toBe(false);
    expect(await turns().finish(claimOf({ attempt: 2 }), answer('good'))).toBe(true);
  });

  test('cannot take the turn back when its claim arrives late', async () => {
    await turns().claim(claimOf({ attempt: 2 }), [question('one')], 0);
    expect(await turns().claim(claimOf(), [question('one')], 0)).toEqual({ kind: 'refused' });
    expect(await turns().finish(claimOf({ attempt: 2 }), answer('good'))).toBe(true);
  });

  test('of a log that is gone loses to whoever claimed in the new one', async () => {
    await turns().claim(claimOf({ attempt: 5 }), [question('one')], 0);
    await turns().claim(claimOf({ generation: 'generation-b' }), [question('one')], 0);
    expect(await turns().finish(claimOf({ attempt: 5 }), answer('late'))).toBe(false);
  });
});

test('after a takeover nothing of the old term is claimed or finished, also when it waits for the takeover to commit', async () => {
  await turns().claim(claimOf(), [question('one')], 0);
  let finishing: Promise<boolean> | undefined;
  await database.db.transaction().execute(async (tx) => {
    await tx.updateTable('conversations').set({ term: 1 }).where('id', '=', conversationId).execute();
    finishing = turns().finish(claimOf(), answer('late'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  });
  expect(await finishing).toBe(false);
  expect(await turns().claim(claimOf({ turn: 2 }), [question('two', 2)], 0)).toEqual({ kind: 'refused' });
  expect((await transcript()).map(({ id }) => id)).toEqual(['c:one']);
});

test('one message recorded by two turns stays in the first', async () => {
  await turns().claim(claimOf(), [question('one')], 0);
  await turns().finish(claimOf(), answer('hello'));
  await turns().claim(claimOf({ turn: 2 }), [question('one', 2)], 0);
  expect((await transcript()).filter(({ id }) => id === 'c:one')).toMatchObject([{ turn: 1 }]);
});

test('a message whose turn was begun with it, and became one without it, moves to the turn that answers it', async () => {
  await turns().claim(claimOf(), [question('one')], 0);
  await turns().claim(claimOf({ attempt: 2 }), [], 0);
  await turns().finish(claimOf({ attempt: 2 }), answer('a person will come'));
  await turns().claim(claimOf({ turn: 2 }), [question('one', 2), question('two', 2)], 0);
  expect((await transcript()).map(({ id, turn }) => `${turn} ${id}`)).toEqual(['1 a:1', '2 c:one', '2 c:two']);
});

test('a conversation that is opened again goes on counting and knows what was said', async () => {
  await turns().claim(claimOf({ turn: 3 }), [question('one', 3), question('two', 3)], 0);
  const again = await createConversations(database.db).open(
    { conversationId, owner: 'customer:ada', channel: 'web' },
    'v2',
  );
  expect(again).toEqual({
    term: 0,
    turn: 3,
    said: [
      { id: 'c:one', text: 'question one', turn: 3 },
      { id: 'c:two', text: 'question two', turn: 3 },
    ],
  });
});
