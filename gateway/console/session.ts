import { randomUUID } from 'node:crypto';
import type { FastifyBaseLogger } from 'fastify';
import type { AgentAccount } from '../../contracts/agents.ts';
import { CLOSE, type CloseCode } from '../../contracts/close-codes.ts';
import {
  type ConsoleClientFrame,
  type ConsoleServerFrame,
  consoleClientFrame,
} from '../../contracts/console-frames.ts';
import { PROTOCOL } from '../../contracts/frames.ts';
import { type Cap, createBucket, type Limits } from '../limits.ts';
import type { Link } from '../link.ts';
import type { Metrics } from '../metrics.ts';
import { createNewsroom, type NewsroomDeps } from './newsroom.ts';
import type { ConsoleParts } from './parts.ts';
import { createTyping } from './typing.ts';
import { createWatching, type Watching, type WatchingDeps } from './watching.ts';

export type ConsoleSessionDeps = WatchingDeps &
  NewsroomDeps &
  Pick<ConsoleParts, 'access' | 'announce' | 'owners' | 'presence' | 'sessions'> & {
    limits: Limits;
    /** Open consoles per agent on this node. */
    agents: Cap;
    metrics: Metrics;
    log: FastifyBaseLogger;
  };

/** `docs/protocol.md` for one console: hello first and once, then what it looks at. Knows nothing of sockets. */
export const createConsoleSession = (
  deps: ConsoleSessionDeps,
  link: Link<ConsoleServerFrame>,
  token: string | undefined,
) => {
  const { limits, log, metrics, sessions, access, presence } = deps;
  const frames = createBucket(limits.frames);
  const flood = createBucket(limits.flood);
  const connection = randomUUID();
  const watched = new Map<string, Watching>();
  let phase: 'new' | 'greeting' | 'open' | 'over' = 'new';
  let account: AgentAccount | undefined;
  let release: (() => void) | undefined;
  const helloTimer = setTimeout(() => close(CLOSE.protocol), limits.helloMs);

  const newsroom = createNewsroom(deps, link, (conversation) => watched.has(conversation));
  const typing = createTyping(deps);

  const close = (code: CloseCode): void => {
    phase = 'over';
    link.close(code);
  };

  /** Pings count too. False: too many, do not look at this one. */
  const spend = (): boolean => {
    const wait = frames.take();
    if (flood.take() > 0) close(CLOSE.tooMany);
    return phase !== 'over' && wait === 0;
  };

  const decline = (code: 'not_found' | 'rate_limited' | 'unavailable', message: string, conversation: string): void =>
    link.send({ type: 'error', code, message, conversation });

  const enter = async (): Promise<void> => {
    const found = token === undefined ? null : await sessions.find(token);
    if (phase !== 'greeting') return;
    if (!found) return close(CLOSE.unauthorized);
    if (!deps.agents.take(found.id)) return close(CLOSE.tooMany);
    account = found;
    release = () => {
      deps.agents.release(found.id);
      void presence.leave(found.id);
    };
    await presence.arrive(found.id);
    const offers = await newsroom.open(found);
    if (phase !== 'greeting') return;
    phase = 'open';
    link.send({
      ...{ type: 'welcome', protocol: PROTOCOL, agent: { id: found.id, name: found.name }, offers },
      ...{ now: Date.now(), heartbeatMs: limits.heartbeatMs },
    });
    log.info({ agent: found.id }, 'console connected');
  };

  const watch = async (agent: AgentAccount, conversation: string, position: unknown): Promise<void> => {
    watched.get(conversation)?.stop();
    if (!watched.has(conversation) && watched.size >= limits.watched)
      return decline('rate_limited', `at most ${limits.watched} at once`, conversation);
    const watching = createWatching(deps, link, conversation, { connection, id: agent.id, name: agent.name });
    watched.set(conversation, watching);
    try {
      if (await access.held(agent, conversation)) {
        if (watched.get(conversation) === watching) await watching.start(position);
        return;
      }
      decline('not_found', 'no such conversation', conversation);
    } catch (error) {
      log.debug({ conversation, reason: String(error) }, 'a conversation cannot be watched');
      decline('unavailable', 'cannot be read now, watch it again', conversation);
    }
    unwatch(conversation, watching);
  };

  const unwatch = (conversation: string, only = watched.get(conversation)): void => {
    only?.stop();
    if (watched.get(conversation) === only) watched.delete(conversation);
  };

  const onFrame = (frame: ConsoleClientFrame, agent: AgentAccount): void => {
    if (frame.type === 'watch') void watch(agent, frame.conversation, frame.position);
    else if (frame.type === 'unwatch') unwatch(frame.conversation);
    else if (frame.type === 'typing') {
      const watching = watched.get(frame.conversation);
      if (!watching) return;
      watching.writes();
      void typing.said(agent, frame.conversation);
    } else close(CLOSE.protocol);
  };

  return {
    onMessage(text: string): void {
      if (phase === 'over' || !spend()) return;
      const frame = frameIn(text);
      metrics.frames.inc({ direction: 'in', type: frame?.type ?? 'unreadable' });
      if (!frame) close(CLOSE.protocol);
      else if (phase === 'new' && frame.type === 'hello') {
        phase = 'greeting';
        clearTimeout(helloTimer);
        void enter().catch((error: unknown) => {
          log.warn({ reason: String(error) }, 'console not connected');
          close(CLOSE.restart);
        });
      } else if (phase !== 'open' || !account) close(CLOSE.protocol);
      else onFrame(frame, account);
    },

    onPing(): void {
      if (phase !== 'over') spend();
    },

    /** Now and then: whoever has signed out, left the company or got another password must not go on reading. */
    onTick(): void {
      if (phase !== 'open' || token === undefined) return;
      sessions.find(token).then(
        (found) => {
          if (!found) close(CLOSE.unauthorized);
        },
        // Postgres is away: nobody is thrown out for that.
        (error: unknown) => log.debug({ reason: String(error) }, 'a session could not be looked at'),
      );
    },

    /** The node leaves: says so, and closes. */
    async drain(reconnectAfterMs: number): Promise<void> {
      phase = 'over';
      link.send({ type: 'bye', reconnectAfterMs });
      await link.flushed();
      link.close(CLOSE.restart);
    },

    /** The connection is gone, from whichever side. */
    onClose(code: number): void {
      phase = 'over';
      if (account) log.info({ agent: account.id, code }, 'console disconnected');
      clearTimeout(helloTimer);
      for (const watching of watched.values()) watching.stop();
      watched.clear();
      newsroom.close();
      release?.();
    },
  };
};

const frameIn = (text: string): ConsoleClientFrame | null => {
  try {
    return consoleClientFrame.parse(JSON.parse(text));
  } catch {
    return null;
  }
};
