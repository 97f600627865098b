import fp from 'fastify-plugin';
import type { Playbook } from '../../contracts/playbook.ts';
import type { Limits } from '../limits.ts';
import { ownOrigins } from '../origins.ts';
import { api } from './api.ts';
import type { OpenIdOptions } from './open-id-provider.ts';
import { page } from './page.ts';
import { consoleSocket } from './socket.ts';

export type ConsoleOptions = {
  playbook: Playbook;
  /** The address that agents open, where it is not the node's own. With https their cookies are for https alone. */
  publicUrl: string | undefined;
  openId: Omit<OpenIdOptions, 'redirectUri' | 'secret'> | undefined;
  /** Built console; without it only its API and its socket are served. */
  webRoot: string | undefined;
  limits: Limits;
  secret: string;
};

/** Where agents work: `/console`, with its API and its socket below. */
export default fp<ConsoleOptions>(
  async (app, { playbook, publicUrl, openId, webRoot, limits, secret }) => {
    const own = publicUrl === undefined ? null : [new URL(publicUrl).origin];
    const origin = () => own ?? ownOrigins(app);
    const isSecure = publicUrl?.startsWith('https:') === true;
    const redirectUri = `${publicUrl ?? ''}/console/api/openid/callback`;
    await api(app, { playbook, origin, isSecure, openId: openId && { ...openId, redirectUri, secret } });
    consoleSocket(app, { playbook, origin, isSecure, limits });
    if (webRoot !== undefined) await page(app, webRoot);
  },
  { name: 'console', dependencies: ['console-backing', 'sockets', 'events', 'transcripts', 'metrics'] },
);
