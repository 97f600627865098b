import type { FastifyInstance } from 'fastify';
import { createBuckets, LIMITS } from '../limits.ts';
import { Declined, notFound } from './declined.ts';
import { createProvider } from './open-id-provider.ts';
import type { ApiDeps } from './request.ts';
import { enter } from './sign-in.ts';

/**
 * Signing in at the company's own provider: authorization code with PKCE, state and nonce. Only who was added to the desk
 * without a password comes in that way, whatever else the provider knows.
 */
export const openIdRoutes = (app: FastifyInstance, deps: ApiDeps): void => {
  const { openId, cookies } = deps;
  const addresses = createBuckets(LIMITS.signInsPerAddress);
  const provider = openId && createProvider(openId);

  const spend = (address: string): void => {
    if (addresses.take(address) > 0) throw new Declined(429, 'too many attempts, wait a minute');
  };

  app.get('/openid', async (request, reply) => {
    if (!provider) throw notFound();
    spend(request.ip);
    const { url, sealed } = await provider.begin();
    return reply.setCookie(cookies.way.name, sealed, cookies.way.options).redirect(url, 303);
  });

  app.get('/openid/callback', async (request, reply) => {
    if (!provider) throw notFound();
    spend(request.ip);
    reply.clearCookie(cookies.way.name, cookies.way.options);
    let claimed = '';
    try {
      claimed = await provider.end(request.url, request.cookies[cookies.way.name] ?? '');
      const account = await app.console.agents.signedInElsewhere(claimed);
      if (!account) throw new Error('nobody of that id was added without a password');
      await enter(app, deps, reply, account.id, 'openid');
    } catch (error) {
      request.log.info({ reason: error instanceof Error ? error.message : String(error) }, 'OpenID: not signed in');
      const detail = { how: 'openid' };
      await app.console.audit.record({ actor: 'anybody', action: 'agent.refused', subject: claimed, detail });
      return reply.redirect('/console/#sign-in-failed', 303);
    }
    return reply.redirect('/console/', 303);
  });
};
