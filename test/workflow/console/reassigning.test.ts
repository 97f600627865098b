import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { floor } from '../../../contracts/console.ts';
import { commandId, startFloor } from './rig.ts';

let on: Awaited<ReturnType<typeof startFloor>>;
beforeAll(async () => {
  on = await startFloor({ ring: 60_000 });
});
afterAll(() => on.stop());

test('a supervisor sends who waits to one person, to another desk, and takes from who has it; a desk can be closed', async () => {
  const [sue, ann, bob, cat] = await Promise.all([
    on.person('sue', 'away', on.nodes[1]),
    on.person('ann'),
    on.person('bob', 'away'),
    on.person('cat', 'away', on.nodes[1]),
  ]);
  const assigned = (conversation: string, to: object) =>
    sue.browser.post(`floor/conversations/${conversation}`, { commandId: commandId(), ...to });

  // It rings at Ann's, and is wanted at Bob's.
  const one = await on.asks();
  const atAnn = await ann.offered(one);
  expect((await bob.browser.post('status', { status: 'online' })).status).toBe(204);
  expect((await assigned(one, { desk: on.desk, agent: bob.id })).status).toBe(202);
  expect(await ann.console.frame('offer.closed', ({ offer }) => offer === atAnn.offer)).toMatchObject({ why: 'left' });
  const atBob = await bob.offered(one);
  expect((await ann.answer(atAnn)).status).toBe(409);
  expect((await bob.answer(atBob)).status).toBe(200);
  expect((await ann.answer(atBob)).status).toBe(404);

  // Bob has it, and Cat of the other desk is to.
  expect((await cat.browser.get(`conversations/${one}`)).status).toBe(404);
  expect((await cat.browser.post('status', { status: 'online' })).status).toBe(204);
  expect((await assigned(one, { desk: on.second, agent: cat.id })).status).toBe(202);
  const atCat = await cat.offered(one);
  expect(atCat).toMatchObject({ desk: on.second, reason: 'transfer' });
  expect((await cat.answer(atCat)).status).toBe(200);
  expect((await cat.browser.get(`conversations/${one}`)).body.entry).toMatchObject({ agent: { id: cat.id }, term: 4 });
  const late = { clientMessageId: commandId(), text: 'too late' };
  expect((await bob.browser.post(`conversations/${one}/messages`, late)).status).toBe(409);

  // It waits at the first desk, and moves to the second with a wish.
  for (const person of [ann, bob]) await person.browser.post('status', { status: 'busy' });
  const two = await on.asks();
  const waits = async () => (await sue.browser.get(`conversations/${two}`)).body.entry?.owner === 'waiting';
  while (!(await waits())) await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await assigned(two, { desk: on.second, agent: cat.id })).status).toBe(202);
  expect((await cat.answer(await cat.offered(two))).status).toBe(200);

  expect((await assigned(two, { desk: on.second, agent: ann.id })).status).toBe(400);
  expect((await assigned(two, { desk: 'nowhere' })).status).toBe(400);
  const given = { term: 3, how: 'giveBack', commandId: commandId() };
  expect((await cat.browser.post(`conversations/${two}/release`, given)).body).toEqual({ term: 4 });
  const settled = async () => (await sue.browser.get(`conversations/${two}`)).body.entry.owner === 'assistant';
  while (!(await settled())) await new Promise((resolve) => setTimeout(resolve, 50));
  expect((await assigned(two, { desk: on.second })).status).toBe(409);

  expect((await sue.browser.post(`floor/desks/${on.second}`, { to: 'closed' })).status).toBe(204);
  expect((await sue.browser.post('floor/desks/nowhere', { to: 'closed' })).status).toBe(404);
  expect((await sue.browser.post(`floor/agents/${bob.id}`, { status: 'away' })).status).toBe(204);
  expect((await sue.browser.post('floor/agents/nobody', { status: 'away' })).status).toBe(404);
  await bob.console.frame('changed', ({ what }) => what === 'me');
  expect((await bob.browser.get('me')).body.status).toBe('away');
  const { desks } = floor.parse((await sue.browser.get('floor')).body);
  const second = desks.find(({ name }) => name === on.second);
  expect(second).toMatchObject({ switch: 'closed', open: false });
  expect(second?.entries).toMatchObject([{ id: one, place: 'held', agent: cat.id }]);
  const audit = await on.engine.database.db.selectFrom('audit').select(['actor', 'action']).execute();
  const of = (action: string) => audit.filter((entry) => entry.action === action && entry.actor === `agent:${sue.id}`);
  expect([of('conversation.reassigned').length, of('desk.switched').length]).toEqual([4, 1]);
}, 90_000);
