import type { Playbook } from '../contracts/playbook.ts';
import type { Context } from '../store/turns.ts';

/** Which of the playbook's budgets is used up before the next turn; the turn that goes over one is taken to its end. */
export const usedUp = (
  { conversationTokens = Number.POSITIVE_INFINITY, dayTokens = Number.POSITIVE_INFINITY }: Playbook['budgets'],
  { conversation, day }: Context['spent'],
): 'conversation budget' | 'day budget' | null => {
  if (conversation >= conversationTokens) return 'conversation budget';
  return day >= dayTokens ? 'day budget' : null;
};
