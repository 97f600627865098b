import type { FastifyBaseLogger } from 'fastify';
import type { Decide, ErrorCode } from '../contracts/frames.ts';
import type { Link } from './link.ts';
import type { Conversations } from './ports.ts';

/** A Temporal that is away, or a conversation that is in the middle of an answer, has time for it soon. */
const RETRY_MS = 1_000;

export type DecisionsDeps = {
  conversationId: string;
  conversations: Pick<Conversations, 'decide'>;
  link: Link;
  log: FastifyBaseLogger;
  /** How many decisions may wait. */
  queued: number;
  /** 0, or the milliseconds until the sender may decide again. */
  takeTurn(): number;
  onDecided(): void;
};

/**
 * Hands a customer's decisions on actions to the conversation and says which one counts. Sent again with the same command id
 * while it is under way, one is passed over; after that it is answered again.
 */
export const createDecisions = (deps: DecisionsDeps) => {
  const { conversationId, conversations, link, log } = deps;
  const under = new Map<string, Promise<void>>();

  const refuse = (commandId: string, code: ErrorCode, message: string, retryAfterMs?: number): void =>
    link.send({ type: 'error', code, message, commandId, ...(retryAfterMs !== undefined && { retryAfterMs }) });

  const hand = async ({ type: _, ...decision }: Decide): Promise<void> => {
    const { commandId, action } = decision;
    try {
      const outcome = await conversations.decide(conversationId, decision);
      if (outcome.kind === 'decided') {
        link.send({ type: 'decided', commandId, action, decision: outcome.decision });
        deps.onDecided();
      } else if (outcome.kind === 'changed') refuse(commandId, 'conflict', 'these are not the arguments of the action');
      else refuse(commandId, 'expired', 'the action cannot be decided any more');
    } catch (error) {
      log.warn({ conversationId, action, reason: String(error) }, 'a decision was not handed over');
      refuse(commandId, 'unavailable', 'not decided, send it again', RETRY_MS);
    }
  };

  return {
    accept(decide: Decide): void {
      const { commandId } = decide;
      if (under.has(commandId)) return;
      const wait = under.size < deps.queued ? deps.takeTurn() : RETRY_MS;
      if (wait > 0) refuse(commandId, 'rate_limited', 'too many decisions', wait);
      else
        under.set(
          commandId,
          hand(decide).finally(() => under.delete(commandId)),
        );
    },
    /** Resolves when nothing waits for Temporal. */
    async idle(): Promise<void> {
      await Promise.all(under.values());
    },
  };
};

export type Decisions = ReturnType<typeof createDecisions>;
