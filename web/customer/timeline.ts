import type { Action } from '../../contracts/actions.ts';
import type { Message, Source } from '../../contracts/events.ts';
import type { ErrorCode } from '../../contracts/frames.ts';
import type { ConversationView } from '../conversation-view.ts';
import type { Pressed } from '../decisions.ts';
import type { OutgoingMessage } from '../memory.ts';
import { type Notice, noticesOf } from './notices.ts';

/** One bubble. Its key stays the same from the first pending moment, or the first streamed word, to the transcript. */
export type Bubble = {
  key: string;
  author: Message['author'];
  /** Who of the company's people wrote it. */
  by?: string | undefined;
  text: string;
  /** ISO 8601; `null` while it is being said. */
  at: string | null;
  state: 'settled' | 'streaming' | OutgoingMessage['status'];
  reason?: ErrorCode | undefined;
  sources: readonly Source[];
  /** The customer stopped it. */
  stopped?: boolean;
  /** A card instead of a text. */
  card?: Card;
  /** A word on who came and went instead of one. */
  notice?: Notice;
};

/** How an action stands, or what its customer pressed on it a moment ago. */
export type CardStatus = Action['state'] | 'confirming' | 'cancelling' | 'confirmed';

export type Card = { action: Action; status: CardStatus };

/** What the page shows, top to bottom: the conversation, the reply in flight in its place, and what is on its way. */
export const timeline = (
  view: ConversationView,
  outbox: readonly OutgoingMessage[],
  pressed: readonly Pressed[] = [],
): Bubble[] => {
  const { messages, reply } = view;
  const shown = messages.map((message) => settled(message));
  if (reply?.text) {
    const next = messages.findIndex(({ turn }) => turn > reply.turn);
    const key = `a:${reply.turn}`;
    const streaming: Bubble = { key, author: 'assistant', text: reply.text, at: null, state: 'streaming', sources: [] };
    shown.splice(next < 0 ? shown.length : next, 0, streaming);
  }
  const bubbles = withCards(shown, view, pressed).filter(({ text, card }) => text !== '' || card);
  const last = noticesOf(view).filter(({ at }) => at === null);
  return [...withNotices(bubbles, view), ...last.map(noticed), ...outbox.map(outgoing)];
};

/** A notice stands below what was said before it, by the clocks of the desk. */
const withNotices = (bubbles: Bubble[], view: ConversationView): Bubble[] => {
  const all = [...bubbles];
  for (const notice of noticesOf(view)) {
    if (notice.at === null) continue;
    const { at } = notice;
    const next = all.findIndex((bubble) => bubble.state === 'streaming' || (bubble.at !== null && bubble.at > at));
    all.splice(next < 0 ? all.length : next, 0, noticed(notice));
  }
  return all;
};

const noticed = (notice: Notice): Bubble => ({
  ...{ key: notice.key, author: 'assistant', text: '', at: notice.at, state: 'settled', sources: [] },
  notice,
});

/** A card stands where it was asked: below what was said in its turn, above the next. */
const withCards = (shown: Bubble[], { messages, actions }: ConversationView, pressed: readonly Pressed[]): Bubble[] => {
  const turns = new Map(messages.map(({ id, turn }) => [id, turn]));
  const turnOf = ({ key }: Bubble): number => turns.get(key) ?? Number(key.split(':')[1]?.split('.')[0]);
  const all = [...shown];
  for (const action of actions) {
    const next = all.findIndex((bubble) => turnOf(bubble) > action.turn);
    all.splice(next < 0 ? all.length : next, 0, {
      ...{ key: `action:${action.id}`, author: 'assistant', text: '', at: null, state: 'settled', sources: [] },
      card: {
        action,
        status: statusOf(
          action,
          pressed.find((one) => one.action === action.id),
        ),
      },
    });
  }
  return all;
};

/** By this browser's clock; the desk has the last word. */
const statusOf = ({ state, expiresAt }: Action, pressed: Pressed | undefined): CardStatus => {
  if (state !== 'proposed') return state;
  const isOver = expiresAt !== undefined && Date.parse(expiresAt) <= Date.now();
  if (pressed?.status === 'failed' || (isOver && !pressed)) return 'expired';
  if (pressed?.status === 'sending') return pressed.decision === 'confirm' ? 'confirming' : 'cancelling';
  if (pressed) return pressed.decision === 'confirm' ? 'confirmed' : 'cancelled';
  return 'proposed';
};

const settled = ({ id, author, by, text, at, end, sources = [] }: Message): Bubble => ({
  key: id,
  author,
  by,
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
