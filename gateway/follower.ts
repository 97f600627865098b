import type { FastifyBaseLogger } from 'fastify';
import { type LoggedEvent, position } from '../contracts/events.ts';
import { type Continuity, createContinuity, type Place } from './continuity.ts';
import { pause } from './deadline.ts';
import type { Link } from './link.ts';
import { createQuietWatch } from './quiet-watch.ts';
import { snapshotOf } from './snapshot.ts';
import { placeOf } from './snapshot-place.ts';
import { createSource, PAGE, type SourceDeps } from './source.ts';

/** Two snapshots of one connection are at least this far apart. */
const SNAPSHOT_SPACING_MS = 500;

/** What is due before live events may pass again; the higher includes the lower. */
const NOTHING = 0;
const READ = 1;
const SNAPSHOT = 2;

export type FollowerDeps = SourceDeps & {
  /** Just handed out: there is no log and no transcript to look at. */
  isNew: boolean;
  link: Link;
  log: FastifyBaseLogger;
  /** The conversation is closed for good. */
  onClosed(): void;
};

/**
 * Follows one conversation for one connection. Invariant: the client holds a snapshot and every event after its
 * position, in order, each once; or it has been told that it does not.
 *
 * A live event passes straight through when it follows from the last one. While anything else is going on, live events are
 * dropped and only noted, and the log is read again afterwards: nothing is ever buffered here.
 */
export const createFollower = (deps: FollowerDeps) => {
  const { conversationId, isNew, link, log } = deps;
  /** `null` while nothing is proven. */
  let continuity: Continuity | null = null;
  let due = SNAPSHOT;
  let missed: readonly LoggedEvent[] = [];
  let snapshotAt = Number.NEGATIVE_INFINITY;
  let isStarted = false;
  let isWorking = false;
  let isStopped = false;

  const raise = (atLeast: number): void => {
    due = Math.max(due, atLeast);
  };

  const quiet = createQuietWatch(() => {
    raise(READ);
    void work();
  });

  const note = ({ event }: LoggedEvent): void => {
    if (event.type === 'conversation.closed') deps.onClosed();
    quiet.heard(event);
  };

  /** Sends what follows, and says how the last one stands that was looked at. */
  const deliver = (to: Continuity, batch: readonly LoggedEvent[]): Place => {
    const fresh: LoggedEvent[] = [];
    let place: Place = 'seen';
    for (const logged of batch) {
      place = to.place(logged);
      if (place === 'hole' || place === 'lost') break;
      if (place === 'seen') continue;
      to.advance(logged);
      fresh.push(logged);
    }
    if (fresh.length > 0) link.send({ type: 'events', events: fresh });
    for (const logged of fresh) note(logged);
    return place;
  };

  const deliverPage = (to: Continuity, page: readonly LoggedEvent[]): void => {
    const place = deliver(to, page);
    if (place === 'hole' || place === 'lost') raise(SNAPSHOT);
    else if (page.length === PAGE) raise(READ);
  };

  const onEvents = (batch: readonly LoggedEvent[]): void => {
    if (isStopped) return;
    if (isStarted && !isWorking && continuity) {
      const place = deliver(continuity, batch);
      if (place === 'hole') raise(READ);
      if (place === 'lost') raise(SNAPSHOT);
    } else raise(READ);
    void work();
  };

  /** Without a position there is nothing to compare a log with: one may have come and gone in the gap. */
  const onGap = (): void => {
    raise(continuity?.position() ? READ : SNAPSHOT);
    void work();
  };

  const source = createSource(deps, { onEvents, onGap });

  const takeSnapshot = async (): Promise<void> => {
    const wait = snapshotAt + SNAPSHOT_SPACING_MS - performance.now();
    if (wait > 0) await pause(wait);
    continuity = null;
    // The head first: a turn that opens in between is then in the events, and perhaps in the messages too.
    const head = await source.head();
    const [messages, actions] = await Promise.all([source.messages(), source.actions()]);
    snapshotAt = performance.now();
    const from = head && { generation: head.generation, seq: placeOf(head, messages) };
    continuity = createContinuity(from);
    link.send(snapshotOf(messages, actions, from));
    if (from) raise(READ);
  };

  const read = async (): Promise<void> => {
    if (!continuity) return raise(SNAPSHOT);
    let from = continuity.position();
    if (!from) {
      const head = await source.head();
      if (!head) return;
      from = { generation: head.generation, seq: 0 };
    }
    const range = await source.after(from);
    if (range.continuous && continuity.confirm(range.lastId)) deliverPage(continuity, range.events);
    else raise(SNAPSHOT);
  };

  const work = async (): Promise<void> => {
    if (isWorking || !isStarted) return;
    isWorking = true;
    let failures = 0;
    while (due !== NOTHING && !isStopped) {
      const now = due;
      due = NOTHING;
      try {
        await source.subscribe();
        await (now === SNAPSHOT ? takeSnapshot() : read());
        if (failures > 0) link.send({ type: 'heartbeat' });
        failures = 0;
        await link.flushed();
      } catch (error) {
        raise(now);
        const retryAfterMs = Math.min(250 * 2 ** failures++, 2_000);
        log.debug({ conversationId, reason: String(error) }, 'conversation cannot be read, trying again');
        link.send({ type: 'error', code: 'unavailable', message: 'events cannot be read, trying again', retryAfterMs });
        await pause(retryAfterMs);
      }
    }
    isWorking = false;
  };

  return {
    /**
     * Subscribes, then looks whether everything after the client's position is there, which may be anything. Never
     * rejects: what cannot be proven is not resumed.
     */
    async open(wish: unknown): Promise<boolean> {
      const wanted = position.safeParse(wish);
      try {
        await source.subscribe();
        if (isNew) continuity = createContinuity(null);
        if (isNew || wanted.success) due = NOTHING;
        if (isNew || !wanted.success) return false;
        const range = await source.after(wanted.data);
        if (range.continuous) {
          continuity = createContinuity(wanted.data);
          continuity.confirm(range.lastId);
          missed = range.events;
          return true;
        }
      } catch (error) {
        log.debug({ conversationId, reason: String(error) }, 'conversation cannot be resumed');
      }
      due = SNAPSHOT;
      return false;
    },

    /** Begins to send; `open` was called, and the client has its `welcome`. */
    start(): void {
      isStarted = true;
      if (continuity && isNew && due === NOTHING) link.send(snapshotOf([], [], null));
      if (continuity) deliverPage(continuity, missed);
      missed = [];
      void work();
    },

    /** A message was handed to the conversation: an answer is to come. */
    expectReply: (): void => {
      if (!isStopped) quiet.expect();
    },

    stop(): void {
      isStopped = true;
      quiet.settle();
      source.end();
    },
  };
};

export type Follower = ReturnType<typeof createFollower>;
