import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Provider } from 'oidc-provider';
import { createAgents } from '../../../store/agents.ts';
import { accountOf, browserAt, type ConsoleNode } from '../../console.ts';
import { type Rig, startRig } from './rig.ts';

/** What the provider knows of everybody who signs in there. */
const people: Record<string, { email: string; email_verified: boolean }> = {
  oda: { email: 'oda@shop.example', email_verified: true },
  ann: { email: 'ann', email_verified: true },
  mal: { email: 'oda@shop.example', email_verified: false },
  nil: { email: 'nobody@shop.example', email_verified: true },
};

/** A provider on loopback where whoever comes is who the test says, without a form. */
const startProvider = async (redirectUri: () => string) => {
  let who = 'oda';
  const server: Server = createServer((request, response) => void handle?.(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    clients: [
      {
        client_id: 'desk',
        client_secret: 'a secret of the desk, long enough',
        redirect_uris: [redirectUri()],
        response_types: ['code'],
        grant_types: ['authorization_code'],
      },
    ],
    claims: { openid: ['sub'], email: ['email', 'email_verified'] },
    conformIdTokenClaims: false,
    pkce: { required: () => true },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    findAccount: (_ctx, sub) => ({ accountId: sub, claims: async () => ({ sub, ...people[sub] }) }),
  });
  const asked = provider.callback();
  const handle = async (request: Parameters<typeof asked>[0], response: Parameters<typeof asked>[1]) => {
    if (!request.url?.startsWith('/interaction/')) return asked(request, response);
    const details = await provider.interactionDetails(request, response);
    const grant = new provider.Grant({ accountId: who, clientId: 'desk' });
    grant.addOIDCScope('openid email');
    const grantId = await grant.save();
    const result = details.prompt.name === 'login' ? { login: { accountId: who } } : { consent: { grantId } };
    await provider.interactionFinished(request, response, result, { mergeWithLastSubmission: true });
  };
  return {
    issuer,
    is: (name: string) => {
      who = name;
    },
    stop: () => new Promise((resolve) => server.close(resolve)),
  };
};

let rig: Rig;
let node: ConsoleNode;
let provider: Awaited<ReturnType<typeof startProvider>>;
beforeAll(async () => {
  rig = await startRig();
  await createAgents(rig.db).add(accountOf('oda@shop.example', [rig.desk]), null);
  const free = createServer();
  await new Promise<void>((resolve) => free.listen(0, '127.0.0.1', resolve));
  const { port } = free.address() as AddressInfo;
  await new Promise((resolve) => free.close(resolve));
  const publicUrl = `http://127.0.0.1:${port}`;
  provider = await startProvider(() => `${publicUrl}/console/api/openid/callback`);
  const of = { issuer: provider.issuer, clientId: 'desk', clientSecret: 'a secret of the desk, long enough' };
  const openId = { ...of, title: 'Shop login', claim: 'email', scope: 'openid email' };
  node = await rig.node({ publicUrl, openId }, { port });
});
afterAll(async () => {
  await node.app.close();
  await provider.stop();
  await rig.database.close();
});

/** A browser: follows redirects, and holds the cookies of each host. */
const createBrowser = () => {
  const jars = new Map<string, Map<string, string>>();
  const visit = async (url: string): Promise<{ url: string; status: number; to: string | null; set: string[] }> => {
    const jar = jars.get(new URL(url).origin) ?? new Map<string, string>();
    jars.set(new URL(url).origin, jar);
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ');
    const answer = await fetch(url, { redirect: 'manual', headers: cookie ? { cookie } : {} });
    const set = answer.headers.getSetCookie();
    for (const each of set) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(each) ?? [];
      if (value) jar.set(name, value);
      else jar.delete(name);
    }
    const to = answer.headers.get('location');
    return { url, status: answer.status, to: to && new URL(to, url).href, set };
  };
  return {
    visit,
    /** Until there is nothing to follow, or the desk is reached again. */
    async signIn(from = `${node.origin}/console/api/openid`) {
      let last = await visit(from);
      for (let i = 0; i < 15 && last.to && !last.to.includes('/console/api/openid/callback'); i++)
        last = await visit(last.to);
      return last;
    },
    session: () => [...(jars.get(node.origin) ?? [])].find(([name]) => name === 'duradesk-agent')?.join('='),
    cookies: (origin: string) => jars.get(origin) ?? new Map<string, string>(),
  };
};

test('who was added without a password comes in through the provider', async () => {
  provider.is('oda');
  expect((await browserAt(node.origin).get('sign-in')).body.openId).toEqual({ title: 'Shop login' });
  const browser = createBrowser();
  const begun = await browser.visit(`${node.origin}/console/api/openid`);
  expect(begun.set[0]).toMatch(/^duradesk-openid=[\w.-]+; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/);
  const asked = new URL(begun.to ?? '').searchParams;
  expect([asked.get('code_challenge_method'), asked.get('response_type'), asked.get('scope')]).toEqual([
    'S256',
    'code',
    'openid email',
  ]);
  const back = await browser.signIn(begun.to ?? '');
  const entered = await browser.visit(back.to ?? '');
  expect([entered.status, entered.to]).toEqual([303, `${node.origin}/console/`]);
  expect(entered.set.find((each) => each.startsWith('duradesk-agent='))).toMatch(/; HttpOnly; SameSite=Strict$/);
  const { status, body } = await browserAt(node.origin, browser.session()).get('me');
  expect([status, body.id]).toEqual([200, 'oda@shop.example']);
  expect(await rig.audit('agent.signed-in')).toMatchObject([
    { subject: 'oda@shop.example', detail: { how: 'openid' } },
  ]);
  // The same way once more leads nowhere.
  expect((await browser.visit(back.to ?? '')).to).toBe(`${node.origin}/console/#sign-in-failed`);
});

test.each([
  ['who is unknown here', 'nil'],
  ['who has a password here', 'ann'],
  ['whose address the provider has not verified', 'mal'],
])('%s is refused', async (_what, who) => {
  provider.is(who);
  const browser = createBrowser();
  const back = await browser.signIn();
  expect((await browser.visit(back.to ?? '')).to).toBe(`${node.origin}/console/#sign-in-failed`);
  expect(browser.session()).toBeUndefined();
});

test('a way back that another browser began, that is forged, or that nobody began, is refused', async () => {
  provider.is('oda');
  const [one, two] = [createBrowser(), createBrowser()];
  const [backOfOne] = await Promise.all([one.signIn(), two.signIn()]);
  const failed = `${node.origin}/console/#sign-in-failed`;
  expect((await two.visit(backOfOne.to ?? '')).to).toBe(failed);
  expect((await createBrowser().visit(backOfOne.to ?? '')).to).toBe(failed);
  const callback = new URL(backOfOne.to ?? '');
  callback.searchParams.set('state', 'forged');
  expect((await one.visit(callback.href)).to).toBe(failed);
  const three = createBrowser();
  await three.signIn();
  three.cookies(node.origin).set('duradesk-openid', 'eyJhbGciOiJub25lIn0..');
  expect((await three.visit(`${node.origin}/console/api/openid/callback?code=x&state=y`)).to).toBe(failed);
  for (const browser of [one, two, three]) expect(browser.session()).toBeUndefined();
});

test('without a provider there is no such way', async () => {
  const plain = await rig.node();
  try {
    for (const path of ['openid', 'openid/callback?code=x&state=y'])
      expect((await browserAt(plain.origin).get(path)).status).toBe(404);
  } finally {
    await plain.app.close();
  }
});
