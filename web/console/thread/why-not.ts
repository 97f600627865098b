import type { ConversationEntry } from '../../../contracts/console.ts';
import type { Owner } from '../../../contracts/events.ts';

/** Why somebody cannot reply here, and what they can do. */
export const whyNot = ({ status, agent }: ConversationEntry, owner: Owner, assistant: string): string => {
  if (status === 'closed') return 'This conversation is closed. Notes can still be added.';
  if (owner === 'agent') return `${agent?.name ?? 'A colleague'} answers here. You can leave a note.`;
  if (owner === 'waiting') return 'It waits for whoever accepts it. You can leave a note.';
  return `${assistant} answers here. You can leave a note.`;
};
