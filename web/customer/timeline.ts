import type { Message, Source } from '../../contracts/events.ts';
import type { ErrorCode } from '../../contracts/frames.ts';
import type { ConversationView } from '../conversation-view.ts';
import type { OutgoingMessage } from '../memory.ts';

/** One bubble. Its key stays the same from the first pending moment, or the first streamed word, to the transcript. */
export type Bubble = {
  key: string;
  author: Message['author'];
  text: string;
  /** ISO 8601; `null` while it is being said. */
  at: string | null;
  state: 'settled' | 'streaming' | OutgoingMessage['status'];
  reason?: ErrorCode | undefined;
  sources: readonly Source[];
  /** The customer stopped it. */
  stopped?: boolean;
};

/** What the page shows, top to bottom: the conversation, the reply in flight in its place, and what is on its way. */
export const timeline = (view: ConversationView, outbox: readonly OutgoingMessage[]): Bubble[] => {
  const { messages, reply } = view;
  const shown = messages.map((message) => settled(message));
  if (reply?.text) {
    const next = messages.findIndex(({ turn }) => turn > reply.turn);
    const key = `a:${reply.turn}`;
    const streaming: Bubble = { key, author: 'assistant', text: reply.text, at: null, state: 'streaming', sources: [] };
    shown.splice(next < 0 ? shown.length : next, 0, streaming);
  }
  return [...shown.filter(({ text }) => text !== ''), ...outbox.map(outgoing)];
};

const settled = ({ id, author, text, at, end, sources = [] }: Message): Bubble => ({
  key: id,
  author,
  text,
  at,
  state: 'settled',
  sources,
  stopped: end === 'stopped',
});

const outgoing = ({ clientMessageId, text, at, status, reason }: OutgoingMessage): Bubble => ({
  key: `c:${clientMessageId}`,
  author: 'customer',
  text,
  at,
  state: status,
  reason,
  sources: [],
});
