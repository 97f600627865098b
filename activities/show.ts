import type { DeskEvent, Message } from '../contracts/events.ts';
import { assistantMessageId } from '../contracts/ids.ts';
import type { Draft, EventWriter } from '../stream/event-log.ts';
import { createDraftWriter } from './draft-writer.ts';

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
): DeskEvent => ({ type: 'reply.ended', turn, attempt, end, length, ...(sources?.length ? { sources } : {}) });

/** The assistant's message of a turn, dated now. */
export const assistantMessage = (turn: number, text: string, end: NonNullable<Message['end']>): Message => ({
  id: assistantMessageId(turn),
  author: 'assistant',
  turn,
  text,
  at: new Date().toISOString(),
  end,
});
