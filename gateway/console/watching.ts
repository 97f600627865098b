import type { FastifyBaseLogger } from 'fastify';
import type { ConsoleServerFrame } from '../../contracts/console-frames.ts';
import type { ServerFrame } from '../../contracts/frames.ts';
import { RENEW_MS, type Viewer, type Viewers } from '../../stream/viewers.ts';
import { createFollower } from '../follower.ts';
import type { Link } from '../link.ts';
import type { SourceDeps } from '../source.ts';

export type WatchingDeps = Omit<SourceDeps, 'conversationId'> & { viewers: Viewers; log: FastifyBaseLogger };

/** One conversation that a console looks at: what happens there, and who else looks. */
export const createWatching = (
  deps: WatchingDeps,
  link: Link<ConsoleServerFrame>,
  conversation: string,
  viewer: Viewer,
) => {
  const { viewers, log } = deps;
  let isStopped = false;
  let shown = '';
  let renewal: NodeJS.Timeout | undefined;
  let leave: (() => void) | undefined;
  let isJoining = false;

  const follower = createFollower({
    ...deps,
    conversationId: conversation,
    isNew: false,
    link: { ...link, send: (frame) => link.send(about(conversation, frame)) },
    // Whoever looks at it may go on looking: there is nothing to send.
    onClosed: () => {},
  });

  const look = async (writing?: boolean): Promise<void> => {
    const others = await viewers.look(conversation, viewer, writing);
    const now = JSON.stringify(others);
    if (isStopped || now === shown) return;
    shown = now;
    link.send({ type: 'presence', conversation, viewers: others });
  };

  const quietly = (work: Promise<unknown>): void => {
    work.catch((error: unknown) => log.debug({ conversation, reason: String(error) }, 'viewers are not known'));
  };

  /** The others' changes are heard as soon as Redis is there; until then every renewal shows them. */
  const join = async (): Promise<void> => {
    if (leave || isJoining) return;
    isJoining = true;
    try {
      const joined = await viewers.watch(conversation, () => quietly(look()));
      if (isStopped) joined();
      else leave = joined;
    } finally {
      isJoining = false;
    }
  };

  const renew = (): void => quietly(join().then(() => look()));

  return {
    /** Begins to send, from `position` where that can be proven. */
    async start(position: unknown): Promise<void> {
      const resumed = await follower.open(position);
      if (isStopped) return;
      link.send({ type: 'watching', conversation, resumed });
      follower.start();
      renew();
      renewal = setInterval(renew, RENEW_MS);
    },

    /** This agent writes here. */
    writes: (): void => quietly(look(true)),

    stop(): void {
      if (isStopped) return;
      isStopped = true;
      clearInterval(renewal);
      follower.stop();
      leave?.();
      quietly(viewers.leave(conversation, viewer));
    },
  };
};

export type Watching = ReturnType<typeof createWatching>;

/** What a follower sends, said of its conversation. */
const about = (conversation: string, frame: ServerFrame): ConsoleServerFrame => {
  switch (frame.type) {
    case 'snapshot':
    case 'events':
    case 'error':
      return { ...frame, conversation };
    case 'heartbeat':
      return frame;
    default:
      throw new Error(`a follower does not send ${frame.type}`);
  }
};
