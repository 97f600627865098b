import { fastifyCookie } from '@fastify/cookie';
import type { FastifyInstance } from 'fastify';
import type { Playbook } from '../../contracts/playbook.ts';
import { createAdmission } from '../admission.ts';
import { createCap, type Limits } from '../limits.ts';
import { attach } from '../socket.ts';
import { consoleCookies } from './cookies.ts';
import { isOwn, type OwnOrigin } from './own-origin.ts';
import { createConsoleSession } from './session.ts';

/** What may wait to be read by a console: it follows twenty conversations, each of which may begin with half of a megabyte. Bytes. */
const UNSENT = 8 * 1024 * 1024;

export type ConsoleSocketOptions = { playbook: Playbook; origin: OwnOrigin; isSecure: boolean; limits: Limits };

/** Serves `contracts/console-frames.ts` at `/console/socket`. Whose page it is is known before the upgrade, who it is after it. */
export const consoleSocket = (
  app: FastifyInstance,
  { playbook, origin, isSecure, limits }: ConsoleSocketOptions,
): void => {
  const { session } = consoleCookies(isSecure);
  const agents = createCap(limits.perAgent);
  const desks = playbook.desks.map(({ name }) => name);
  const ofConsole = { ...limits, unsentBytes: UNSENT };
  const { metrics, log, events, transcripts } = app;
  const deps = { ...app.console, metrics, log, events, transcripts, desks, agents, limits };

  app.get(
    '/console/socket',
    {
      websocket: true,
      // A page of another site may open a socket here with the agent's cookie, and could read it, too.
      onRequest: createAdmission({ app, admits: (request) => isOwn(origin, request), limits }),
    },
    (socket, request) => {
      const token = fastifyCookie.parse(request.headers.cookie ?? '')[session.name];
      const createSession = (link: Parameters<typeof createConsoleSession>[1]) =>
        createConsoleSession(deps, link, token);
      app.keepSocket(attach(socket, { limits: ofConsole, metrics, createSession }));
    },
  );
};
