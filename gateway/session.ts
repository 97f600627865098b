import type { FastifyBaseLogger } from 'fastify';
import { CLOSE, type CloseCode } from '../contracts/close-codes.ts';
import type { ConversationStart } from '../contracts/conversation.ts';
import {
  type Decide,
  type ErrorCode,
  type Hello,
  PROTOCOL,
  type Rate,
  type Stop,
  type Welcome,
} from '../contracts/frames.ts';
import { createDecisions, type Decisions } from './decisions.ts';
import { createFollower, type Follower } from './follower.ts';
import { type Greeting, type GreetingDeps, greet, notFound, Refusal } from './greeting.ts';
import { readFrame } from './inbound.ts';
import { type Buckets, type Cap, createBucket, type Limits } from './limits.ts';
import type { Link } from './link.ts';
import type { Metrics } from './metrics.ts';
import type { Conversations, Events } from './ports.ts';
import { createRatings, type Ratings, type RatingsDeps } from './ratings.ts';
import { createSends, type Said, type Sends } from './sends.ts';

export type SessionDeps = GreetingDeps & {
  conversations: Conversations;
  ratings: RatingsDeps['ratings'];
  events: Events;
  desk: Welcome['desk'];
  limits: Limits;
  /** Open connections and messages per visitor or customer, shared by all connections of the node. */
  subjects: Cap;
  messages: Buckets;
  metrics: Metrics;
  log: FastifyBaseLogger;
};

/** `docs/protocol.md` for one connection: hello first and once, then sends. Knows nothing of sockets. */
export const createSession = (deps: SessionDeps, link: Link, channel: ConversationStart['channel']) => {
  const { limits, log, metrics } = deps;
  const frames = createBucket(limits.frames);
  const flood = createBucket(limits.flood);
  let phase: 'new' | 'greeting' | 'open' | 'over' = 'new';
  let expiresAt = Number.POSITIVE_INFINITY;
  let isClosed = false;
  let warnedAt = Number.NEGATIVE_INFINITY;
  let conversationId: string | undefined;
  let follower: Follower | undefined;
  let sends: Sends | undefined;
  let decisions: Decisions | undefined;
  let ratings: Ratings | undefined;
  let halt: ((turn: number) => Promise<void>) | undefined;
  let release: (() => void) | undefined;
  /** Sent before the welcome came, by a client in a hurry. */
  const early: Said[] = [];
  const helloTimer = setTimeout(() => close(CLOSE.protocol), limits.helloMs);

  const close = (code: CloseCode): void => {
    phase = 'over';
    link.close(code);
  };

  const refuse = ({ code, frame }: Refusal): void => {
    if (frame) link.send(frame);
    close(code);
  };

  const decline = (code: ErrorCode, clientMessageId: string, message: string): void =>
    link.send({ type: 'error', code, message, clientMessageId });

  /** Pings count too. False: too many, do not look at this one. */
  const spend = (): boolean => {
    const wait = frames.take();
    if (flood.take() > 0) close(CLOSE.tooMany);
    else if (wait > 0 && performance.now() - warnedAt > 1_000) {
      warnedAt = performance.now();
      link.send({ type: 'error', code: 'rate_limited', message: 'too many frames', retryAfterMs: wait });
    }
    return phase !== 'over' && wait === 0;
  };

  const enter = async (hello: Hello): Promise<void> => {
    const greeting = await greet(deps, hello);
    if (phase !== 'greeting') return;
    const { conversation, holder } = greeting;
    if (!deps.subjects.take(holder))
      throw new Refusal(CLOSE.tooMany, { type: 'error', code: 'rate_limited', message: 'too many connections' });
    conversationId = conversation.id;
    release = () => deps.subjects.release(holder);
    expiresAt = greeting.expiresAt;
    halt = (turn) => deps.events.halt(conversation.id, turn);
    follower = createFollower({
      ...deps,
      link,
      conversationId: conversation.id,
      isNew: conversation.isNew,
      onClosed: () => {
        isClosed = true;
      },
    });
    sends = createSends({
      ...deps,
      link,
      start: {
        conversationId: conversation.id,
        owner: conversation.owner,
        channel,
        ...(hello.language !== undefined && { language: hello.language }),
      },
      queued: limits.queued,
      takeTurn: () => deps.messages.take(holder),
      halt: () => deps.events.halt(conversation.id),
      onAck(seconds) {
        metrics.ackSeconds.observe(seconds);
        follower?.expectReply();
      },
    });
    decisions = createDecisions({
      ...deps,
      link,
      conversationId: conversation.id,
      queued: limits.queued,
      takeTurn: () => deps.messages.take(holder),
      onDecided: () => follower?.expectReply(),
    });
    ratings = createRatings({
      ...deps,
      link,
      conversationId: conversation.id,
      takeTurn: () => deps.messages.take(holder),
    });
    const resumed = await follower.open(hello.conversation?.position);
    if (phase !== 'greeting') return;
    phase = 'open';
    link.send(welcome(greeting, resumed));
    const outcome = conversation.isNew ? 'new' : resumed ? 'resumed' : 'snapshot';
    metrics.resumes.inc({ outcome });
    log.info({ conversationId: conversation.id, outcome }, 'connected');
    follower.start();
    for (const said of early.splice(0)) onSaid(said);
  };

  const welcome = ({ conversation, customer, token }: Greeting, resumed: boolean): Welcome => ({
    type: 'welcome',
    protocol: PROTOCOL,
    ...(token !== undefined && { session: token }),
    conversation: { id: conversation.id },
    customer: customer && { id: customer.id, ...(customer.name !== undefined && { name: customer.name }) },
    resumed,
    heartbeatMs: limits.heartbeatMs,
    desk: deps.desk,
  });

  const onHello = (hello: Hello): void => {
    if (phase !== 'new') {
      close(CLOSE.protocol);
      return;
    }
    phase = 'greeting';
    clearTimeout(helloTimer);
    void enter(hello).catch((error: unknown) => {
      if (error instanceof Refusal) log.debug({ code: error.code, reason: error.cause }, 'refused');
      else log.error({ err: error }, 'hello failed');
      refuse(error instanceof Refusal ? error : new Refusal(CLOSE.restart));
    });
  };

  const onSaid = (said: Said): void => {
    if (phase === 'over') return;
    if (phase === 'greeting' && early.length < limits.queued) early.push(said);
    else if (phase === 'greeting') decline('rate_limited', said.clientMessageId, 'wait for the welcome');
    else if (!sends) close(CLOSE.protocol);
    else if (Date.now() >= expiresAt) close(CLOSE.unauthorized);
    else if (isClosed) refuse(notFound());
    else sends.accept(said);
  };

  /** What is sent after the welcome only, and by nobody whose time is over. */
  const isAdmitted = (): boolean => {
    if (phase !== 'open') close(CLOSE.protocol);
    else if (Date.now() >= expiresAt) close(CLOSE.unauthorized);
    else if (isClosed) refuse(notFound());
    else return true;
    return false;
  };

  const onDecide = (decide: Decide): void => {
    if (isAdmitted()) decisions?.accept(decide);
  };

  const onRate = (rate: Rate): void => {
    if (isAdmitted()) ratings?.accept(rate);
  };

  const onStop = ({ turn }: Stop): void => {
    if (isAdmitted())
      halt?.(turn).catch((error: unknown) => {
        log.warn({ reason: String(error) }, 'a reply could not be stopped');
        link.send({ type: 'error', code: 'unavailable', message: 'not stopped, try again', retryAfterMs: 1_000 });
      });
  };

  return {
    onMessage(text: string): void {
      if (phase === 'over' || !spend()) return;
      const inbound = readFrame(text);
      metrics.frames.inc({ direction: 'in', type: inbound.kind === 'frame' ? inbound.frame.type : inbound.kind });
      if (inbound.kind === 'unreadable') close(CLOSE.protocol);
      else if (inbound.kind === 'invalid') link.send({ type: 'error', code: 'invalid', ...inbound.error });
      else if (inbound.frame.type === 'hello') onHello(inbound.frame);
      else if (inbound.frame.type === 'stop') onStop(inbound.frame);
      else if (inbound.frame.type === 'decide') onDecide(inbound.frame);
      else if (inbound.frame.type === 'rate') onRate(inbound.frame);
      else onSaid(inbound.frame);
    },

    onPing(): void {
      if (phase !== 'over') spend();
    },

    /** Now and then: somebody who only reads must not outlive their token either. */
    onTick(): void {
      if (phase === 'open' && Date.now() >= expiresAt) close(CLOSE.unauthorized);
    },

    /** The node leaves: says so, reads nothing more, waits for what Temporal is being told, and closes. */
    async drain(reconnectAfterMs: number): Promise<void> {
      phase = 'over';
      link.send({ type: 'bye', reconnectAfterMs });
      await Promise.all([sends?.idle(), decisions?.idle(), ratings?.idle()]);
      await link.flushed();
      link.close(CLOSE.restart);
    },

    /** The connection is gone, from whichever side. */
    onClose(code: number): void {
      phase = 'over';
      if (conversationId !== undefined) log.info({ conversationId, code }, 'disconnected');
      clearTimeout(helloTimer);
      follower?.stop();
      release?.();
    },
  };
};

export type Session = ReturnType<typeof createSession>;
