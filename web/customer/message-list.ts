import type { ClientState } from '../client.ts';
import { isThinking } from '../conversation-view.ts';
import { type BubbleActions, bubbleContent } from './bubble-node.ts';
import { type CardActions, cardContent, expiryOf, spokenCard } from './card-node.ts';
import { element } from './element.ts';
import { noticeContent, noticeText } from './notice-node.ts';
import type { createRatingCard } from './rating-card.ts';
import { spokenText } from './spoken-text.ts';
import { type Bubble, timeline } from './timeline.ts';
import { words } from './words.ts';

/** As close to the end as this, in CSS pixels, the reader follows what comes. */
const FOLLOWS_WITHIN = 96;

export type MessageListDeps = {
  log: HTMLElement;
  toEnd: HTMLButtonElement;
  actions: BubbleActions & CardActions;
  /** Below everything that was said. */
  rating: ReturnType<typeof createRatingCard>;
  /** Called with each message of the other side that came while the reader was here, once it is complete. */
  announce(text: string): void;
};

/** Draws the conversation. What has not changed keeps its nodes, so that a selection or a focus in it survives. */
export const createMessageList = ({ log, toEnd, actions, rating, announce }: MessageListDeps) => {
  const drawn = new Map<string, { bubble: Bubble; node: HTMLElement }>();
  const heard = new Set<string>();
  /** What was last said of each card. */
  const spoken = new Map<string, string>();
  let expiry: ReturnType<typeof setTimeout> | undefined;
  const greeting = element('div', { class: 'message assistant' });
  const working = element('div', { class: 'working' });
  const column = element('div', { class: 'column' }, greeting, rating.node, working);
  let wasLoaded = false;
  let follows = true;
  let noticed: string | null = null;
  log.append(column);
  // The keyboard must reach what it has to scroll.
  log.tabIndex = 0;

  const goToEnd = (): void => {
    log.scrollTop = log.scrollHeight;
  };

  toEnd.addEventListener('click', goToEnd);
  log.addEventListener('scroll', () => {
    follows = log.scrollHeight - log.scrollTop - log.clientHeight < FOLLOWS_WITHIN;
    if (follows) toEnd.hidden = true;
  });
  // A growing composer or an opening keyboard takes its room from here.
  new ResizeObserver(() => {
    if (follows) goToEnd();
  }).observe(log);

  const draw = (bubble: Bubble, before: Node, assistant: string): HTMLElement => {
    const known = drawn.get(bubble.key);
    const node = known?.node ?? element('div');
    if (!known || !isSame(known.bubble, bubble)) {
      const { card } = bubble;
      const hadFocus = node.contains(document.activeElement);
      node.className = classOf(bubble);
      if (bubble.notice) node.replaceChildren(noticeContent(bubble.notice, assistant));
      else node.replaceChildren(...(card ? [cardContent(card, actions)] : bubbleContent(bubble, assistant, actions)));
      // A button that was pressed is gone: the keyboard stays at what it was pressed on.
      if (hadFocus && card) {
        node.tabIndex = -1;
        node.focus();
      }
      drawn.set(bubble.key, { bubble, node });
    }
    if (node.nextSibling !== before) column.insertBefore(node, before);
    return node;
  };

  /** From the last to the first, so that each node's place is before one that already stands. */
  const drawAll = (bubbles: readonly Bubble[], assistant: string): void => {
    const keys = new Set(bubbles.map(({ key }) => key));
    for (const [key, { node }] of drawn) {
      if (keys.has(key)) continue;
      node.remove();
      drawn.delete(key);
    }
    let before: Node = rating.node;
    for (const bubble of bubbles.toReversed()) before = draw(bubble, before, assistant);
  };

  const drawGreeting = ({ desk }: ClientState): void => {
    if (!desk || greeting.childElementCount > 0) return;
    greeting.replaceChildren(
      element('div', { class: 'bubble' }, element('p', { dir: 'auto' }, words.greeting(desk.assistant, desk.company))),
      element('p', { class: 'meta' }, element('span', { class: 'author', dir: 'auto' }, desk.assistant)),
    );
  };

  const drawWorking = ({ view, outbox }: ClientState, assistant: string): void => {
    const tools = view.tools
      .filter(({ status }) => status === 'running')
      .map(({ title }) => element('span', { dir: 'auto' }, `${title}…`));
    const isAsked = view.owner === 'assistant' && !view.reply && outbox.some(({ status }) => status === 'sent');
    const notice = view.notice === null ? [] : [element('span', { dir: 'auto' }, view.notice)];
    const isWorking = tools.length > 0 || notice.length > 0 || isThinking(view) || isAsked;
    const writes = view.typing === null ? [] : [dots(), element('span', {}, words.isTyping(view.typing))];
    working.replaceChildren(...(isWorking ? [dots(assistant), ...tools, ...notice] : []), ...writes);
  };

  /** What was said before the page was opened is for reading, not for announcing. */
  const announceNew = (bubbles: readonly Bubble[], assistant: string): void => {
    for (const { key, author, state, text, card, notice } of bubbles) {
      if (notice) {
        if (wasLoaded && !heard.has(key)) announce(noticeText(notice, assistant));
        heard.add(key);
        continue;
      }
      if (card) {
        if (wasLoaded && spoken.get(key) !== card.status) announce(spokenCard(card));
        spoken.set(key, card.status);
        continue;
      }
      if (author === 'customer' || state !== 'settled' || heard.has(key)) continue;
      heard.add(key);
      if (wasLoaded) announce(spokenText(text));
    }
  };

  /** Nobody sends anything when a card's time is over: it is drawn again by the clock. */
  const drawAtExpiry = (state: ClientState): void => {
    clearTimeout(expiry);
    const next = expiryOf(state.view.actions);
    if (next !== null) expiry = setTimeout(() => drawState(state), next - Date.now() + 50);
  };

  const drawState = (state: ClientState): void => {
    const assistant = state.desk?.assistant ?? '';
    const bubbles = timeline(state.view, state.outbox, state.pressed);
    const isWriting = bubbles.some((bubble) => bubble.state === 'pending' && !drawn.has(bubble.key));
    const height = log.scrollHeight;
    drawGreeting(state);
    drawAll(bubbles, assistant);
    drawWorking(state, assistant);
    announceNew(bubbles, assistant);
    rating.draw(state);
    if (!state.view.resolved) heard.delete('resolved');
    if (state.view.notice !== null && state.view.notice !== noticed) announce(state.view.notice);
    noticed = state.view.notice;
    if (!state.isLoaded) heard.clear();
    wasLoaded = state.isLoaded;
    if (follows || isWriting) goToEnd();
    else if (log.scrollHeight > height) toEnd.hidden = false;
    drawAtExpiry(state);
  };

  return drawState;
};

const isSame = (a: Bubble, b: Bubble): boolean =>
  a.text === b.text &&
  a.state === b.state &&
  a.reason === b.reason &&
  a.at === b.at &&
  a.sources.length === b.sources.length &&
  a.notice?.kind === b.notice?.kind &&
  a.notice?.name === b.notice?.name &&
  a.card?.action === b.card?.action &&
  a.card?.status === b.card?.status;

const classOf = ({ card, notice, author, state }: Bubble): string => {
  if (notice) return 'told';
  return card ? 'message assistant card' : `message ${author} ${state}`;
};

/** Without a name where it stands in words beside them. */
const dots = (name?: string): HTMLElement =>
  element(
    'span',
    {
      class: 'dots',
      ...(name === undefined ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': words.isTyping(name) }),
    },
    ...[1, 2, 3].map(() => element('i')),
  );
