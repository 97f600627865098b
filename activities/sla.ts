import type { Owner } from '../contracts/events.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { SlaEvent, SlaStanding } from '../contracts/sla.ts';
import type { Owners } from '../store/owners.ts';
import type { AgentChannel, WorkflowMessages } from './desk-ports.ts';
import { spokenAt } from './owner.ts';

export type SlaDeps = { playbook: Playbook; owners: Owners; messages: WorkflowMessages; agents: AgentChannel };

/** Whose conversation it is at that moment. */
export type Concerned = {
  conversationId: string;
  language?: string;
  term: number;
  owner: Owner;
  agent: string | null;
  desk: string | null;
};

/** The highest there is. */
const BREACHED = 3;

export const createSlaActivities = ({ playbook, owners, messages, agents }: SlaDeps) => ({
  /** Writes down how the clocks stand. Rejects with `StoreUnavailable`. */
  async slaStands(conversationId: string, standing: readonly SlaStanding[]): Promise<void> {
    await owners.stand(conversationId, standing);
  },

  /**
   * Records what a clock has reached, tells the agent who has the conversation, and moves one that waits forward when its target
   * is missed. Safe to run again: recorded once, and the desk knows the term.
   */
  async slaReached(
    { conversationId, language, term, owner, agent, desk: name }: Concerned,
    reached: readonly SlaEvent[],
  ) {
    await owners.reached(conversationId, term, reached);
    if (owner === 'agent' && agent)
      for (const event of reached) await agents.publish(agent, { type: 'sla.reached', conversationId, ...event });
    const desk = playbook.desks.find((one) => one.name === name);
    if (owner !== 'waiting' || !desk || !reached.some(({ kind }) => kind === 'breach')) return;
    await messages.handOff(desk.name, {
      ...{ conversationId, term, reason: 'sla', language: spokenAt(desk, language), skills: [], weight: 1 },
      ...{ priority: BREACHED, at: Date.now() },
    });
  },
});
