import type { Action, ActionDecision } from '../contracts/actions.ts';
import type { ConversationStart, CustomerMessage } from '../contracts/conversation.ts';
import type { Message } from '../contracts/events.ts';
import type { ClientMessageId } from '../contracts/ids.ts';
import type { Ratings } from '../store/ratings.ts';
import type { Standing } from '../store/standing.ts';
import type { EventReader, EventWriter } from '../stream/event-log.ts';
import type { Metrics } from './metrics.ts';

/** The way into a conversation. */
export interface Conversations {
  /**
   * Resolves when the message cannot be lost any more. Rejects when that is not certain: it may have arrived all the
   * same, and the same message may be delivered again without harm.
   */
  deliver(start: ConversationStart, message: CustomerMessage): Promise<void>;
  /** The same for the customer's wish for a person; the id is that of the wish. */
  wantPerson(start: ConversationStart, clientMessageId: ClientMessageId): Promise<void>;
  /** Resolves with what counts. Rejects when that is not certain: the same decision may be handed over again without harm. */
  decide(conversationId: string, decision: ActionDecision): Promise<DecisionOutcome>;
  /** Rejects when messages could not be delivered now. */
  check(): Promise<void>;
}

export type DecisionOutcome =
  /** The first decision, which may be another. */
  | { kind: 'decided'; decision: ActionDecision['decision'] }
  /** The arguments are others. */
  | { kind: 'changed' }
  /** Its time is over, or the run of the conversation that it belonged to. */
  | { kind: 'expired' };

/** What was said and asked, from Postgres. */
export interface Transcripts {
  messages(conversationId: string): Promise<Message[]>;
  actions(conversationId: string): Promise<Action[]>;
  /** Whose it is and how it ended; `null` for one that does not exist. */
  standing(conversationId: string): Promise<Standing | null>;
  isClosed(conversationId: string): Promise<boolean>;
}

/** What is said, and the one thing that a gateway may do to it: end it. */
export type Events = EventReader & Pick<EventWriter, 'halt'>;

declare module 'fastify' {
  interface FastifyInstance {
    conversations: Conversations;
    events: Events;
    transcripts: Transcripts;
    ratings: Ratings;
    metrics: Metrics;
  }
}
