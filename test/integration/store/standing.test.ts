import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAgents } from '../../../store/agents.ts';
import { createConversations } from '../../../store/conversations.ts';
import { StoreUnavailable } from '../../../store/database.ts';
import { createOwners } from '../../../store/owners.ts';
import { createRatings } from '../../../store/ratings.ts';
import { createStandings } from '../../../store/standing.ts';
import { createWebhookEvents } from '../../../store/webhook-events.ts';
import { freshDatabase } from '../../database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
  const account = {
    name: 'Ann',
    role: 'agent',
    desks: ['orders'],
    skills: [],
    languages: ['en'],
    capacity: 3,
  } as const;
  await createAgents(database.db).add(
    { ...account, id: 'ann', desks: ['orders'], skills: [], languages: ['en'] },
    null,
  );
});
afterAll(() => database.close());

const begun = async (): Promise<string> => {
  const conversationId = `cnv_${randomBytes(32).toString('base64url')}`;
  await createConversations(database.db).open({ conversationId, owner: 'customer:ada', channel: 'web' }, 'v1');
  return conversationId;
};
const change = (
  conversationId: string,
  term: number,
  heldBy: 'assistant' | 'waiting' | 'agent',
  agent: string | null,
) => createOwners(database.db).change({ conversationId, term, heldBy, agent, desk: 'orders' });
const standing = (conversationId: string) => createStandings(database.db).standing(conversationId);
/** As the workflow records the end of one. */
const resolve = async (conversationId: string, detail: object): Promise<void> => {
  await database.db.updateTable('conversations').set({ status: 'resolved' }).where('id', '=', conversationId).execute();
  const record = { conversation_id: conversationId, type: 'conversation.resolved', detail: JSON.stringify(detail) };
  await database.db.insertInto('records').values(record).execute();
};
const at = expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);

test('one that nobody began stands nowhere, and a new one is the assistant’s', async () => {
  expect(await standing(`cnv_${'A'.repeat(43)}`)).toBeNull();
  expect(await standing(await begun())).toEqual({ owner: 'assistant', term: 0, owners: [] });
});

test('whose it is and was, by name, and its place in the line for as long as that wait lasts', async () => {
  const id = await begun();
  const owners = createOwners(database.db);
  await change(id, 1, 'waiting', null);
  await owners.place(id, 1, { position: 3, expectedMs: 3_000_000_000 });
  await owners.place(id, 1, { position: 2, expectedMs: null });
  const waiting = { owner: 'waiting', term: 1, at };
  expect(await standing(id)).toEqual({
    ...{ owner: 'waiting', term: 1, owners: [waiting], queue: { position: 2, expectedMs: null } },
  });
  await change(id, 2, 'agent', 'ann');
  const withAnn = { owner: 'agent', term: 2, by: 'Ann', at };
  expect(await standing(id)).toEqual({ owner: 'agent', term: 2, by: 'Ann', owners: [waiting, withAnn] });
  await change(id, 3, 'waiting', null);
  // What was told in the first wait says nothing of the second, and may come late.
  await owners.place(id, 1, { position: 1, expectedMs: 0 });
  expect(await standing(id)).toEqual({
    ...{ owner: 'waiting', term: 3, owners: [waiting, withAnn, { owner: 'waiting', term: 3, at }] },
  });
  await owners.place(`cnv_${'B'.repeat(43)}`, 1, { position: 1, expectedMs: 0 });
});

test('a rating is kept where one was asked for, once, and announced with its score alone', async () => {
  const ratings = createRatings(database.db);
  const events = createWebhookEvents(database.db);
  const id = await begun();
  expect(await ratings.give(id, 5, null)).toBeNull();
  await resolve(id, { reason: 'idle' });
  expect(await ratings.give(id, 5, null)).toBeNull();
  expect((await standing(id))?.resolved).toEqual({ rate: false });
  await resolve(id, { reason: 'agent', rate: true });
  expect(await standing(id)).toMatchObject({ resolved: { rate: true } });
  await events.announceTo('https://shop.example/hook');
  const counts = await Promise.all([4, 1, 2, 3].map((score) => ratings.give(id, score, 'my canary')));
  expect(new Set(counts).size).toBe(1);
  expect(await ratings.give(id, counts[0] === 5 ? 1 : 5, null)).toBe(counts[0]);
  const [announced, more] = [await events.take(60_000), await events.take(60_000)];
  expect([announced, more]).toEqual([
    expect.objectContaining({ type: 'conversation.rated', conversationId: id, detail: { score: counts[0] } }),
    null,
  ]);
  await events.announceTo(null);
  expect(await standing(id)).toMatchObject({ resolved: { rate: false }, rated: counts[0] });
  expect(await createRatings(database.db).give(`cnv_${'A'.repeat(43)}`, 5, null)).toBeNull();
});

test('whoever writes again goes on, and is not asked a second time', async () => {
  const id = await begun();
  await resolve(id, { reason: 'agent', rate: true });
  await createConversations(database.db).open({ conversationId: id, owner: 'customer:ada', channel: 'web' }, 'v1');
  expect(await standing(id)).toEqual({ owner: 'assistant', term: 0, owners: [] });
  // The card was on its way while the customer wrote.
  expect(await createRatings(database.db).give(id, 2, null)).toBe(2);
  await resolve(id, { reason: 'agent', rate: true });
  expect(await standing(id)).toMatchObject({ resolved: { rate: false }, rated: 2 });
});

test('without Postgres all of them say so', async () => {
  const id = await begun();
  await resolve(id, { reason: 'agent', rate: true });
  await database.readOnly(true);
  await expect(createRatings(database.db).give(id, 5, null)).rejects.toBeInstanceOf(StoreUnavailable);
  await database.readOnly(false);
});
