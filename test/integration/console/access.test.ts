import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { ROUTES } from '../../../gateway/console/roles.ts';
import { type Browser, browserAt, type ConsoleNode, PASSWORD } from '../../console.ts';
import { commandId, newId, type Rig, startRig } from './rig.ts';

let rig: Rig;
let node: ConsoleNode;
let [ann, eve, sue]: Browser[] = [];
beforeAll(async () => {
  rig = await startRig();
  node = await rig.node();
  [ann, eve, sue] = await Promise.all(['ann', 'eve', 'sue'].map((id) => browserAt(node.origin).signIn(id)));
});
afterAll(async () => {
  await node.app.close();
  await rig.database.close();
});

const as = (browser: Browser | undefined): Browser => {
  if (!browser) throw new Error('nobody is signed in');
  return browser;
};

/** Everything that can be done to one conversation. */
const doings = (): [string, object][] => [
  ['messages', { clientMessageId: commandId(), text: 'hello' }],
  ['notes', { id: commandId(), text: 'hello' }],
  ['release', { term: 1, how: 'resolve', commandId: commandId() }],
  ['approvals', { action: '1.1', argumentsHash: 'ab'.repeat(32), decision: 'approve' }],
  ['suggestion', { commandId: commandId() }],
];

test('what is foreign, unknown, closed or no id at all is answered alike, whatever is asked', async () => {
  const foreign = await rig.conversation({ heldBy: 'waiting', desk: rig.elsewhere });
  const ofAssistant = await rig.conversation();
  await rig.awaitingApproval(ofAssistant);
  const closed = await rig.conversation({ heldBy: 'agent', agent: 'ann', desk: rig.desk, status: 'closed' });
  const answers = new Set<string>();
  for (const id of [foreign, ofAssistant, closed, newId(), 'cnv_', '..%2f..%2fme', `${newId()}%00`]) {
    const { status, body } = await as(ann).get(`conversations/${id}`);
    answers.add(JSON.stringify([status, body]));
    for (const [what, doing] of doings()) {
      const done = await as(ann).post(`conversations/${id}/${what}`, doing);
      answers.add(JSON.stringify([done.status, done.body]));
    }
  }
  expect([...answers]).toEqual([JSON.stringify([404, { error: 'not found' }])]);
  const notes = await rig.db.selectFrom('notes').selectAll().execute();
  expect(notes).toEqual([]);
});

test('an agent sees what is theirs, waits at or was handled at their desks; a supervisor sees all that is not closed', async () => {
  const mine = await rig.conversation({ heldBy: 'agent', agent: 'eve', desk: rig.elsewhere });
  const waits = await rig.conversation({ heldBy: 'waiting', desk: rig.elsewhere });
  const was = await rig.conversation({ desk: rig.desk });
  await rig.handedOver(was, rig.elsewhere);
  const never = await rig.conversation();
  const statuses = async (browser: Browser | undefined) =>
    Promise.all([mine, waits, was, never].map(async (id) => (await as(browser).get(`conversations/${id}`)).status));
  expect(await statuses(eve)).toEqual([200, 200, 200, 404]);
  expect(await statuses(ann)).toEqual([404, 404, 200, 404]);
  expect(await statuses(sue)).toEqual([200, 200, 200, 200]);
  const lists = async (browser: Browser | undefined, view: string) => {
    const { body } = await as(browser).get(`conversations?view=${view}`);
    return body.conversations.map(({ id }: { id: string }) => id);
  };
  expect(await lists(eve, 'mine')).toEqual([mine]);
  expect(await lists(eve, 'waiting')).toContain(waits);
  expect(await lists(ann, 'waiting')).not.toContain(waits);
  expect(await lists(ann, 'mine')).toEqual([]);
  expect(await lists(sue, 'all')).toEqual(expect.arrayContaining([mine, waits, was, never]));
  const asks = await rig.conversation({ heldBy: 'agent', agent: 'eve', desk: rig.elsewhere });
  await rig.awaitingApproval(asks);
  expect(await lists(eve, 'approvals')).toEqual([asks]);
  expect(await lists(ann, 'approvals')).not.toContain(asks);
  expect(await lists(sue, 'approvals')).toContain(asks);
  expect((await as(eve).get(`conversations/${asks}`)).body.approvals).toMatchObject([
    { id: '1.1', rawArguments: '{"order": "1042"}', approvers: 1, approvedBy: [], state: 'awaiting_approval' },
  ]);
});

test('every route refuses who is not signed in, and those of supervisors refuse agents', async () => {
  for (const [route, needed] of Object.entries(ROUTES)) {
    if (needed === 'anybody') continue;
    const [method = '', path = ''] = route.split(' ');
    const url = path.slice(1).replace(':id', newId()).replace(':desk', rig.desk);
    const body = method === 'POST' ? {} : undefined;
    const anybody = await browserAt(node.origin).call(method, url, body);
    expect([route, anybody.status, anybody.body]).toEqual([route, 401, { error: 'sign in' }]);
    const agent = needed === 'agent' ? null : await as(ann).call(method, url, body);
    if (agent) expect([route, agent.status, agent.body]).toEqual([route, 403, { error: 'only for a supervisor' }]);
  }
  expect((await as(ann).get('conversations?view=all')).status).toBe(403);
  expect((await as(ann).get('nothing')).status).toBe(404);
});

test('what other pages make a browser send is refused', async () => {
  const status = { status: 'busy' };
  const refused = async (headers: Record<string, string>, body: unknown = status) =>
    (await as(ann).call('POST', 'status', body, headers)).status;
  expect(await refused({ origin: 'https://evil.example' })).toBe(403);
  expect(await refused({ origin: 'null' })).toBe(403);
  expect(await refused({ origin: '' })).toBe(403);
  expect(await refused({ origin: `${node.origin}.evil.example` })).toBe(403);
  expect(await refused({ 'sec-fetch-site': 'same-site' })).toBe(403);
  expect(await refused({ 'sec-fetch-site': 'cross-site' })).toBe(403);
  expect(await refused({ 'content-type': 'text/plain' })).toBe(415);
  expect(await refused({ 'content-type': 'application/x-www-form-urlencoded' }, 'status=busy')).toBe(415);
  expect(await refused({ 'content-type': 'multipart/form-data; boundary=x' })).toBe(415);
  const bare = await fetch(`${node.origin}/console/api/status`, {
    method: 'POST',
    headers: { cookie: as(ann).cookie, 'content-type': 'application/json' },
    body: JSON.stringify(status),
  });
  expect(bare.status).toBe(403);
  expect((await as(ann).get('me')).body.status).toBe('away');
});

test('unknown keys, wrong types and too much are refused before anything is done', async () => {
  const id = await rig.conversation({ heldBy: 'agent', agent: 'ann', desk: rig.desk });
  const bodies: [string, unknown][] = [
    ['status', { status: 'wrapUp' }],
    ['status', { status: 'online', more: true }],
    ['offers', { desk: 'no such', offer: 1, answer: 'accept', commandId: commandId() }],
    ['offers', { desk: rig.desk, offer: '1', answer: 'accept', commandId: commandId() }],
    [`conversations/${id}/messages`, { clientMessageId: commandId(), text: '' }],
    [`conversations/${id}/messages`, { clientMessageId: commandId(), text: 'x'.repeat(4_001) }],
    [`conversations/${id}/messages`, { clientMessageId: commandId(), text: 'a\u0000b' }],
    [`conversations/${id}/messages`, '{"clientMessageId":"command-0001","text":"\\ud800"}'],
    [`conversations/${id}/messages`, '{"clientMessageId":"command-0001","text":"a","__proto__":{"x":1}}'],
    [`conversations/${id}/notes`, { id: 'short', text: 'hello' }],
    [`conversations/${id}/release`, { term: 1, how: 'resolve', commandId: commandId(), agent: 'bob' }],
    [
      `conversations/${id}/approvals`,
      { action: '1.1', argumentsHash: 'ab'.repeat(32), decision: 'approve', by: 'sue' },
    ],
    ['status', 'null'],
    ['status', '{'],
    ['status', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
  ];
  for (const [path, body] of bodies)
    expect([path, body, (await as(ann).post(path, body)).status]).toEqual([path, body, 400]);
  expect((await as(ann).post('status', 'x'.repeat(70_000))).status).toBe(413);
  expect((await as(ann).get('conversations?view=nothing')).status).toBe(400);
  expect((await as(ann).get('conversations?view=mine&view=all')).status).toBe(400);
  expect(
    (await as(ann).post('offers', { desk: rig.desk, offer: 77, answer: 'accept', commandId: commandId() })).status,
  ).toBe(404);
  const { status, body } = await as(ann).get(`conversations/${id}`);
  expect([status, body.messages.length]).toEqual([200, 1]);
});

test('while Temporal or Postgres is away the answer says so, and what to do', async () => {
  const id = await rig.conversation({ heldBy: 'agent', agent: 'ann', desk: rig.desk });
  const cut = await rig.node({}, { temporalAddress: '127.0.0.1:1' });
  try {
    const browser = browserAt(cut.origin, as(ann).cookie);
    const sent = await browser.post(`conversations/${id}/messages`, { clientMessageId: commandId(), text: 'hello' });
    expect([sent.status, sent.body.error]).toEqual([503, expect.stringContaining('send the same again')]);
    expect((await browser.post('status', { status: 'busy' })).status).toBe(503);
    expect((await browser.get('me')).body.status).toBe('busy');
    expect((await browser.get(`conversations/${id}`)).status).toBe(200);
  } finally {
    await cut.app.close();
  }
  await rig.database.readOnly(true);
  try {
    const status = async (work: () => Promise<{ status: number }>) => {
      for (;;) {
        const answer = await work();
        // The connections were broken, too, and each says so once.
        if (answer.status !== 500) return answer.status;
      }
    };
    expect(await status(() => as(ann).post('status', { status: 'online' }))).toBe(503);
    expect(await status(() => browserAt(node.origin).post('sign-in', { id: 'ann', password: PASSWORD }))).toBe(503);
    expect(await status(() => as(ann).get('me'))).toBe(200);
  } finally {
    await rig.database.readOnly(false);
  }
}, 60_000);
