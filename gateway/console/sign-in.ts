import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { signIn, signInWays } from '../../contracts/console.ts';
import { createBuckets, LIMITS } from '../limits.ts';
import { Declined } from './declined.ts';
import { type ApiDeps, agentOf, taken } from './request.ts';

/** The one answer, whatever was wrong. */
const WRONG = 'id or password is wrong';

/** Opens a session and gives it to the browser. */
export const enter = async (
  app: FastifyInstance,
  { cookies }: Pick<ApiDeps, 'cookies'>,
  reply: FastifyReply,
  agent: string,
  how: 'password' | 'openid',
): Promise<void> => {
  const { sessions, audit } = app.console;
  await audit.record({ actor: `agent:${agent}`, action: 'agent.signed-in', subject: agent, detail: { how } });
  reply.setCookie(cookies.session.name, await sessions.open(agent), cookies.session.options);
};

/** Signing in with a password, and out. */
export const signInRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  const { cookies, openId, playbook } = deps;
  const addresses = createBuckets(LIMITS.signInsPerAddress);
  const ids = createBuckets(LIMITS.signInsPerAgent);

  app.get('/sign-in', async () =>
    signInWays.parse({ company: playbook.company.name, openId: openId ? { title: openId.title } : null }),
  );

  app.post('/sign-in', async (request, reply) => {
    if (addresses.take(request.ip) > 0) throw new Declined(429, 'too many attempts, wait a minute');
    // Whatever cannot be a password is a wrong one: an answer of its own would say which ids exist to whoever varies it.
    const wish = signIn.safeParse(request.body);
    if (!wish.success) throw new Declined(401, WRONG);
    const { id, password } = wish.data;
    if (ids.take(id) > 0) throw new Declined(429, 'too many attempts, wait a minute');
    const account = await app.console.agents.verify(id, password);
    if (!account) {
      await app.console.audit.record({
        actor: 'anybody',
        action: 'agent.refused',
        subject: id,
        detail: { how: 'password' },
      });
      throw new Declined(401, WRONG);
    }
    await enter(app, deps, reply, id, 'password');
    return reply.code(204).send();
  });

  app.post('/sign-out', async (request, reply) => {
    taken(z.strictObject({}), request.body);
    const { id } = agentOf(request);
    await app.console.sessions.end(request.cookies[cookies.session.name] ?? '');
    await app.console.audit.record({ actor: `agent:${id}`, action: 'agent.signed-out', subject: id, detail: {} });
    return reply.clearCookie(cookies.session.name, cookies.session.options).code(204).send();
  });
};
