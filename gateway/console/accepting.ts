import type { OfferAnswer } from '../../contracts/desk.ts';
import { pause } from '../deadline.ts';
import { Declined, notFound } from './declined.ts';
import type { ConsoleParts } from './parts.ts';

/** A takeover is told within tens of milliseconds; a conversation in the middle of a tool's work takes longer. */
const TAKEN_WITHIN_MS = 5_000;
const LOOK_MS = 15;

/**
 * Answers an offer. What is accepted is acknowledged only when it is the agent's: from then on the assistant is silent, and the
 * agent may write. Resolves with the conversation, or `null` after a no.
 */
export const accepted = async (
  { commands, offers, owners }: Pick<ConsoleParts, 'commands' | 'offers' | 'owners'>,
  agent: string,
  desk: string,
  answer: Omit<OfferAnswer, 'agent'>,
): Promise<string | null> => {
  const offered = await offers.conversationOf(desk, answer.offer, agent);
  if (!offered) throw notFound();
  await commands.answerOffer(desk, { ...answer, agent });
  if (answer.answer === 'decline') return null;
  for (const until = Date.now() + TAKEN_WITHIN_MS; ; ) {
    const held = await owners.of(offered.id);
    if (held && held.term > offered.term) {
      if (held.heldBy === 'agent' && held.agent === agent) return offered.id;
      throw new Declined(409, 'it is not open any more');
    }
    if (Date.now() > until) throw new Declined(503, 'not yours yet: send the same again');
    await pause(LOOK_MS);
  }
};
