import { afterEach, beforeEach, jest } from '@jest/globals';
import { pino } from 'pino';
import type { DeskEvent, Message, Position } from '../../../contracts/events.ts';
import { createFollower } from '../../../gateway/follower.ts';
import { createBreakableLog } from './breakable-log.ts';
import { createClient } from './held-by-client.ts';

export const started = { type: 'reply.started', turn: 1, attempt: 1 } as const satisfies DeskEvent;
export const ended = { type: 'reply.ended', turn: 1, attempt: 1, end: 'final', length: 0 } as const satisfies DeskEvent;
export const delta = { type: 'reply.delta', turn: 1, attempt: 1, offset: 0, text: 'x' } as const satisfies DeskEvent;
export const deltas = (count: number): DeskEvent[] => Array.from({ length: count }, () => delta);
export const hello: Message = {
  id: 'c:message-1',
  author: 'customer',
  turn: 1,
  text: 'Hello',
  at: '2026-01-01T00:00:00.000Z',
};

export const pass = (ms = 0): Promise<void> => jest.advanceTimersByTimeAsync(ms);

/** Followers of one log, under fake timers; `leave` stops those that a test left running. */
const createFollowerRig = () => {
  const postgres: { down: boolean; messages: Message[] } = { down: false, messages: [hello] };
  const around = { log: createBreakableLog(), postgres };
  const stops: (() => void)[] = [];

  const follow = async ({ position, isNew = false }: { position?: unknown; isNew?: boolean } = {}) => {
    const onClosed = jest.fn();
    const resumedFrom = position as Position | undefined;
    const client = createClient(resumedFrom);
    const follower = createFollower({
      conversationId: 'cnv_x',
      isNew,
      events: around.log.reader,
      transcripts: {
        isClosed: async () => false,
        actions: async () => [],
        standing: async () => null,
        async messages() {
          if (postgres.down) throw new Error('Postgres is down');
          return postgres.messages;
        },
      },
      link: client.link,
      log: pino({ level: 'silent' }),
      onClosed,
    });
    stops.push(() => follower.stop());
    const opening = follower.open(position);
    await pass(5_000);
    const resumed = await opening;
    follower.start();
    await pass();
    return { client, follower, resumed, onClosed };
  };

  const leave = (): void => {
    for (const stop of stops) stop();
  };

  // The same object that `follow` reads: a test may put another log in its place.
  return Object.assign(around, { follow, leave });
};

type FollowerRig = ReturnType<typeof createFollowerRig>;

/** Call it at the top of a test file: a new one for each test, under fake timers. */
export const useFollowerRig = (): (() => FollowerRig) => {
  let rig: FollowerRig;
  beforeEach(() => {
    jest.useFakeTimers();
    rig = createFollowerRig();
  });
  afterEach(() => {
    rig.leave();
    jest.useRealTimers();
  });
  return () => rig;
};
