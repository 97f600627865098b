import type { DeskEvent, Message } from '../contracts/events.ts';
import { assistantMessageId } from '../contracts/ids.ts';
import type { Actions } from '../store/actions.ts';
import type { Draft, EventWriter } from '../stream/event-log.ts';
import { createDraftWriter } from './draft-writer.ts';
import type { Turn } from './turn.ts';

/** Shows a whole reply at once and ends its turn for the reader. `false`: stale, nothing of it is visible. */
export const show = (
  events: EventWriter,
  draft: Draft,
  { text, end = 'final', sources }: Message,
): Promise<boolean> => {
  const writer = createDraftWriter(events, draft, () => {});
  writer.push(text);
  return writer.end([replyEnded(draft, end, text.length, sources)]);
};

export const replyEnded = (
  { turn, attempt }: Draft,
  end: NonNullable<Message['end']>,
  length: number,
  sources: Message['sources'],
  cached = false,
): DeskEvent => ({
  type: 'reply.ended',
  turn,
  attempt,
  end,
  length,
  ...(sources?.length ? { sources } : {}),
  ...(cached ? { cached } : {}),
});

/** The assistant's message of a turn, dated now. */
export const assistantMessage = (turn: number, text: string, end: NonNullable<Message['end']>): Message => ({
  id: assistantMessageId(turn),
  author: 'assistant',
  turn,
  text,
  at: new Date().toISOString(),
  end,
});

/** The actions that changed since the turn was last opened, as they stand now. Shown again they change nothing. */
export const cardsOf = async (
  actions: Actions,
  { conversationId, changed }: Pick<Turn, 'conversationId' | 'changed'>,
): Promise<DeskEvent[]> => {
  if (changed.length === 0) return [];
  const cards = await actions.cards(conversationId, changed);
  return cards.map((action) => ({ type: action.state === 'proposed' ? 'action.proposed' : 'action.changed', action }));
};
