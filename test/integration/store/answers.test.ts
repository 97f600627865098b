import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createAnswerShelf } from '../../../store/answer-shelf.ts';
import type { AnswerLookup, NewAnswer } from '../../../store/answers.ts';
import { createConversations } from '../../../store/conversations.ts';
import { createGaps } from '../../../store/gaps.ts';
import { createPassages } from '../../../store/passages.ts';
import { type Claim, createTurns, type Grounds } from '../../../store/turns.ts';
import { freshDatabase } from '../../database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
let hashes: string[];
beforeAll(async () => {
  database = await freshDatabase();
  const passages = createPassages(database.db);
  const common = { ordinal: 0, asked: false, title: 'T', heading: '', url: null, language: 'en' };
  await passages.replace('v1', [
    { ...common, article: 'one', text: 'The first text.' },
    { ...common, article: 'two', text: 'The second text.' },
  ]);
  hashes = (await passages.all()).passages.map(({ hash }) => hash);
});
afterAll(() => database.close());
beforeEach(async () => {
  await createAnswerShelf(database.db).clear({ pinned: true });
});

const lookup: AnswerLookup = {
  audience: 'visitor',
  language: 'en en',
  intent: 'returns',
  exact: 'how do i return it',
  gist: 'how return',
  settings: 'settings-1',
  embedder: 'words',
  keepMs: 60_000,
};
const vector = Float32Array.of(0.5, -0.25);
const made = (change: Partial<NewAnswer> = {}): NewAnswer => ({
  ...lookup,
  question: 'How do I return it?',
  vector,
  text: 'By post.',
  sources: [{ title: 'T' }],
  passages: hashes,
  ...change,
});

const claimOf = async (): Promise<Claim> => {
  const conversationId = `cnv_${randomUUID()}`;
  await createConversations(database.db).open({ conversationId, owner: 'visitor:ada', channel: 'web' }, 'v1');
  return { conversationId, term: 0, turn: 1, generation: 'g', attempt: 1 };
};
const read = (wanted: AnswerLookup | null) => ({ understanding: { language: 'en' }, lookup: wanted });
const finish = async (grounds: Grounds, text = 'How do I return it?') => {
  const claim = await claimOf();
  const at = new Date().toISOString();
  const turns = createTurns(database.db);
  await turns.claim(claim, [{ id: 'c:message-1', author: 'customer', turn: 1, text, at }], 0, read(null));
  await turns.finish(claim, { id: 'a:1', text: 'By post.', end: 'final', sources: [], at }, grounds);
  return claim.conversationId;
};
const keep = (change: Partial<NewAnswer> = {}) =>
  finish({ restsOn: 'articles', unanswered: false, keep: made(change) });
const found = async (change: Partial<AnswerLookup> = {}) => {
  const claimed = await createTurns(database.db).claim(await claimOf(), [], 0, read({ ...lookup, ...change }));
  return claimed.kind === 'claimed' ? claimed.answers : [];
};

test('a kept answer comes with the claim of a turn that asks the same, its vector as it was', async () => {
  await keep();
  expect(await found()).toMatchObject([
    { question: 'How do I return it?', text: 'By post.', sources: [{ title: 'T' }], vector },
  ]);
  expect(await found({ embedder: 'others' })).toMatchObject([{ vector: null }]);
});

test.each<[string, Partial<AnswerLookup>]>([
  ['audience', { audience: 'customer' }],
  ['language', { language: 'de en' }],
  ['intent', { intent: '' }],
  ['gist', { gist: 'return' }],
  ['playbook.yaml', { settings: 'settings-2' }],
  ['age', { keepMs: 0 }],
])('it is not found under another %s', async (_what, change) => {
  await keep();
  expect(await found(change)).toEqual([]);
});

test('nothing is kept of a turn that was lost, or that rests on what is gone', async () => {
  const claim = await claimOf();
  const reply = { id: 'a:1', text: '', end: 'final' as const, sources: [], at: new Date().toISOString() };
  const grounds: Grounds = { restsOn: 'articles', unanswered: false, keep: made() };
  expect(await createTurns(database.db).finish(claim, reply, grounds)).toBe(false);
  await keep({ passages: ['gone'] });
  expect(await createAnswerShelf(database.db).list(9)).toEqual([]);
});

test('a later answer takes the place of an earlier one, and of none that is pinned', async () => {
  const shelf = createAnswerShelf(database.db);
  await keep();
  await keep({ text: 'By bike.' });
  const [kept] = await shelf.list(9);
  expect(kept).toMatchObject({ text: 'By bike.', pinned: false });
  await shelf.pin(kept?.id ?? '');
  await keep({ text: 'By boat.' });
  expect(await shelf.list(9)).toMatchObject([{ text: 'By bike.', pinned: true }]);
  expect(await found({ settings: 'settings-2', keepMs: 0, audience: 'customer' })).toMatchObject([
    { text: 'By bike.' },
  ]);
});

test('an answer goes with the conversation that it was made in, a pinned one does not', async () => {
  const shelf = createAnswerShelf(database.db);
  const erase = (id: string) => database.db.deleteFrom('conversations').where('id', '=', id).execute();
  await erase(await keep());
  expect(await shelf.list(9)).toEqual([]);
  const id = await keep();
  await shelf.pin((await shelf.list(1))[0]?.id ?? '');
  await erase(id);
  expect(await shelf.list(9)).toHaveLength(1);
  expect([await shelf.clear({ pinned: false }), await shelf.clear({ pinned: true })]).toEqual([0, 1]);
});

test('answers that are too old are forgotten when others are kept, a few at a time', async () => {
  for (let i = 0; i < 5; i += 1) await keep({ exact: `old ${i}` });
  await database.db
    .updateTable('answers')
    .set({ made_at: new Date(0) })
    .execute();
  await keep({ exact: 'new 1' });
  await keep({ exact: 'old 0' });
  expect((await createAnswerShelf(database.db).list(9)).length).toBeLessThanOrEqual(3);
});

test('what had no answer is listed, newest first, with its words and nothing of who said them', async () => {
  const gaps = createGaps(database.db);
  await finish({ restsOn: 'nothing', unanswered: true }, 'Do you sell kayaks?');
  await finish({ restsOn: 'nothing', unanswered: true }, 'And canoes?');
  expect(await gaps.unanswered(30, 9)).toEqual([
    { question: 'And canoes?', language: 'en', intent: null, at: expect.any(Date) },
    { question: 'Do you sell kayaks?', language: 'en', intent: null, at: expect.any(Date) },
  ]);
});
