import type { FastifyBaseLogger } from 'fastify';
import { type AgentPresence, GONE_MS } from '../../store/agent-presence.ts';
import type { Commands } from './commands.ts';

/** Renewed this often, an open console survives a renewal that fails. Milliseconds. */
const RENEW_MS = GONE_MS / 3;

export type PresenceDeps = {
  statuses: AgentPresence;
  commands: Pick<Commands, 'agentChanged'>;
  log: FastifyBaseLogger;
  now?: () => number;
};

/**
 * Who is at this node, and what the desks are told of everybody. What has changed stands in Postgres until all desks have
 * heard it, so any node tells what another could not.
 */
export const createPresence = ({ statuses, commands, log, now = Date.now }: PresenceDeps) => {
  const open = new Map<string, number>();
  /** Since when every renewal has succeeded in time. */
  let steadySince = now();
  let renewedAt = now();
  let timer: NodeJS.Timeout | undefined;
  let isStopped = false;

  const tell = async (agent?: string): Promise<void> => {
    for (const { desks, change } of await statuses.untold(agent)) {
      await Promise.all(desks.map((desk) => commands.agentChanged(desk, change)));
      await statuses.told(change.agent.id, change.seq);
    }
  };

  const seen = async (agents: readonly string[]): Promise<void> => {
    if (agents.length > 0) await statuses.seen(agents);
  };

  /**
   * While Postgres was away nobody could be renewed. Whoever sweeps right after that would throw out those of the other nodes:
   * a node sweeps only once all of them have had time to renew theirs.
   */
  const round = async (): Promise<void> => {
    const at = now();
    if (at - renewedAt > 2 * RENEW_MS) steadySince = at;
    try {
      await seen([...open.keys()]);
      renewedAt = at;
      if (at - steadySince >= GONE_MS) await statuses.sweep();
      await tell();
    } catch (error) {
      log.warn({ reason: String(error) }, 'the desks cannot be told who is there, trying again');
    }
  };

  const arm = (): void => {
    timer = setTimeout(() => {
      void round().then(() => {
        if (!isStopped) arm();
      });
    }, RENEW_MS).unref();
  };

  const quietly = async (work: Promise<void>): Promise<void> => {
    try {
      await work;
    } catch (error) {
      log.warn({ reason: String(error) }, 'the desks are told later who is there');
    }
  };

  return {
    /** An agent has opened a console. Never rejects: what could not be told now is told by the next round. */
    async arrive(agent: string): Promise<void> {
      const before = open.get(agent) ?? 0;
      open.set(agent, before + 1);
      if (before > 0) return;
      await quietly(seen([agent]).then(() => tell(agent)));
    },

    /** One of an agent's consoles has closed. They count as there for `GONE_MS` from now. */
    async leave(agent: string): Promise<void> {
      const before = open.get(agent) ?? 0;
      if (before > 1) open.set(agent, before - 1);
      else open.delete(agent);
      if (before === 1) await quietly(seen([agent]));
    },

    /** Tells the desks what this agent is now. Rejects when they have not all heard it; they will. */
    tell,

    round,

    start: arm,
    stop(): void {
      isStopped = true;
      clearTimeout(timer);
    },
  };
};

export type Presence = ReturnType<typeof createPresence>;
