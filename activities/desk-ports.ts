import type { Acceptance, DeskDecision } from '../contracts/conversation.ts';
import type { AgentStatus, ConversationLeft, Handoff } from '../contracts/desk.ts';
import type { SlaEvent } from '../contracts/sla.ts';

/** How workflows are told things by each other: the way from a conversation to its desk, and back. */
export interface WorkflowMessages {
  /** Resolves when the desk's workflow, which is started where there is none, cannot lose it any more. */
  handOff(desk: string, handoff: Handoff): Promise<void>;
  conversationLeft(desk: string, left: ConversationLeft): Promise<void>;
  /** The term that the agent has it in; `null`: it does not wait any more, or it has ended. Waits until all have been told. */
  accept(conversationId: string, acceptance: Acceptance): Promise<number | null>;
  /** `false`: the conversation has ended. */
  deskDecided(conversationId: string, decision: DeskDecision): Promise<boolean>;
}

/** What an agent's open console is told. */
export type AgentNews =
  | { type: 'offer.opened'; desk: string; offer: number; conversationId: string; reason: string; until: number }
  | { type: 'offer.closed'; desk: string; offer: number; why: string }
  | ({ type: 'sla.reached'; conversationId: string } & SlaEvent)
  | { type: 'status.changed'; desk: string; status: AgentStatus }
  | { type: 'changed'; what: 'lists' | 'view'; conversation?: string };

/** To whichever consoles of the agent are open; whoever connects later reads the offers from Postgres. */
export interface AgentChannel {
  publish(agent: string, news: AgentNews): Promise<void>;
  /** To everybody who looks at a desk's lists. */
  publishToDesk(desk: string, news: AgentNews): Promise<void>;
}
