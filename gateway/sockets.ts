import websocket from '@fastify/websocket';
import fp from 'fastify-plugin';
import type { ConversationStart } from '../contracts/conversation.ts';
import type { Welcome } from '../contracts/frames.ts';
import { MAX_FRAME_BYTES } from '../contracts/text.ts';
import { createAdmission, fromOrigins } from './admission.ts';
import { pause } from './deadline.ts';
import { createGrants } from './grants.ts';
import { createBuckets, createCap, type Limits } from './limits.ts';
import { createSession, type SessionDeps } from './session.ts';
import { type Attached, attach } from './socket.ts';
import { createTokens } from './tokens.ts';

export type SocketsOptions = {
  secret: string;
  identitySecret: string | undefined;
  origins: readonly string[];
  desk: Welcome['desk'];
  limits: Limits;
};

/**
 * What the socket library accepts at all. A browser sends a message in a handful of fragments at most: 64 of them (the
 * library allows 16,384), or one in 1,024 pieces, are somebody's attempt to use our memory. It closes with 1008 then.
 */
const WIRE = {
  maxPayload: MAX_FRAME_BYTES,
  maxFragments: 64,
  maxBufferedChunks: 1_024,
  perMessageDeflate: false,
  /** For a peer that does not answer a close, milliseconds. */
  closeTimeout: 2_000,
  clientTracking: false,
};

declare module 'fastify' {
  interface FastifyInstance {
    /** Counts a socket among those that are let go of when the node leaves. */
    keepSocket(attached: Attached): void;
  }
}

/** Serves the protocol at `/v1/socket`, and lets everybody go before the server closes. */
export default fp<SocketsOptions>(
  async (app, { secret, identitySecret, origins, desk, limits }) => {
    const { conversations, events, transcripts, metrics, log } = app;
    const open = new Set<Attached>();
    const deps: SessionDeps = {
      ...{ conversations, events, transcripts, metrics, log, desk, limits },
      grants: createGrants(secret),
      tokens: createTokens({ secret, identitySecret }),
      subjects: createCap(limits.perSubject),
      messages: createBuckets(limits.messages),
    };

    const keep = (attached: Attached): void => {
      open.add(attached);
      metrics.sockets.set(open.size);
      void attached.closed.then(() => {
        open.delete(attached);
        metrics.sockets.set(open.size);
      });
    };
    app.decorate('keepSocket', keep);

    /** Refuses newcomers, then says goodbye to everybody at once, each with another moment to come back. */
    const drain = async (): Promise<void> => {
      app.server.removeAllListeners('upgrade');
      app.server.close();
      const leaving = [...open].map((socket) => socket.drain(Math.round(Math.random() * limits.reconnectSpreadMs)));
      await Promise.race([Promise.all(leaving), pause(limits.drainMs)]);
      for (const socket of open) socket.terminate();
    };

    await app.register(websocket, {
      options: WIRE,
      preClose: drain,
      // A broken frame or link. The library has closed the socket with the code for it, and it is no defect of ours.
      errorHandler: (error) => log.debug({ reason: error.message }, 'socket error'),
    });

    app.get(
      '/v1/socket',
      { websocket: true, onRequest: createAdmission({ app, admits: fromOrigins(app, origins), limits }) },
      (socket, request) => {
        const channel = channelOf(request.headers['user-agent']);
        keep(attach(socket, { limits, metrics, createSession: (link) => createSession(deps, link, channel) }));
      },
    );
  },
  { name: 'sockets', dependencies: ['metrics', 'conversations', 'events', 'transcripts'] },
);

/** Every browser calls itself Mozilla, and nothing else does. */
const channelOf = (userAgent = ''): ConversationStart['channel'] =>
  userAgent.startsWith('Mozilla/') ? 'web' : 'terminal';
