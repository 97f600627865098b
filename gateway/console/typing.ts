import type { FastifyBaseLogger } from 'fastify';
import type { AgentAccount } from '../../contracts/agents.ts';
import type { ConsoleParts } from './parts.ts';

/** The customer's page shows it for a few seconds; told more often it would only fill the log. Milliseconds. */
const SPACING_MS = 3_000;

export type TypingDeps = Pick<ConsoleParts, 'announce' | 'owners'> & { log: FastifyBaseLogger };

/** Tells a customer that the agent who has their conversation is writing. Others may write too, and the customer never knows. */
export const createTyping = ({ announce, owners, log }: TypingDeps) => {
  const toldAt = new Map<string, number>();
  return {
    async said({ id, name }: AgentAccount, conversation: string): Promise<void> {
      const now = performance.now();
      for (const [other, at] of toldAt) if (now - at >= SPACING_MS) toldAt.delete(other);
      if (toldAt.has(conversation)) return;
      toldAt.set(conversation, now);
      try {
        const held = await owners.of(conversation);
        if (held?.heldBy !== 'agent' || held.agent !== id) return;
        await announce(conversation, held.term, [{ type: 'agent.typing', by: name }]);
      } catch (error) {
        log.debug({ conversation, reason: String(error) }, 'the customer was not told who is typing');
      }
    },
  };
};
