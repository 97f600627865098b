import type { Source } from '../../contracts/events.ts';
import type { ErrorCode } from '../../contracts/frames.ts';
import { httpLink } from '../http-link.ts';
import { element } from './element.ts';
import { markedText, outwardLink, plainText } from './marked-text.ts';
import type { Bubble } from './timeline.ts';
import { words } from './words.ts';

export type BubbleActions = { retry(clientMessageId: string): void; discard(clientMessageId: string): void };

const time = new Intl.DateTimeFormat(undefined, { hour: 'numeric', minute: '2-digit' });
const dayAndTime = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** What a bubble holds; its element is kept while this is made anew for every change. */
export const bubbleContent = (bubble: Bubble, assistant: string, actions: BubbleActions): Node[] => [
  element(
    'div',
    { class: 'bubble' },
    ...(bubble.author === 'assistant' ? markedText(bubble.text) : [plainText(bubble.text)]),
  ),
  ...(bubble.sources.length > 0 ? [sourceList(bubble.sources)] : []),
  metaLine(bubble, assistant, actions),
];

const sourceList = (sources: readonly Source[]): HTMLElement =>
  element(
    'div',
    { class: 'sources' },
    element('span', {}, words.sources),
    element('ul', {}, ...sources.map((source) => element('li', { dir: 'auto' }, sourceNode(source)))),
  );

const sourceNode = ({ title, url }: Source): Node => {
  const href = url === undefined ? null : httpLink(url);
  return href ? outwardLink(href, title) : element('span', {}, title);
};

const metaLine = (bubble: Bubble, assistant: string, actions: BubbleActions): HTMLElement => {
  const who = bubble.author === 'customer' ? words.you : (bubble.by ?? assistant);
  const line = element('p', { class: 'meta' }, element('span', { class: 'author', dir: 'auto' }, who));
  if (bubble.at !== null && bubble.state === 'settled') line.append(timeNode(bubble.at));
  if (bubble.stopped) line.append(element('span', {}, words.stopped));
  if (bubble.state === 'pending') line.append(element('span', {}, words.sending));
  if (bubble.state === 'sent') line.append(element('span', {}, words.sent));
  if (bubble.state === 'failed') {
    const clientMessageId = bubble.key.slice('c:'.length);
    line.append(
      element('strong', {}, notSent(bubble.reason)),
      element('button', { type: 'button', click: () => actions.retry(clientMessageId) }, words.tryAgain),
      element('button', { type: 'button', click: () => actions.discard(clientMessageId) }, words.remove),
    );
  }
  return line;
};

const notSent = (reason: ErrorCode | undefined): string => {
  if (reason === 'not_found') return words.notSentEnded;
  return reason === 'invalid' ? words.notSentInvalid : words.notSent;
};

const timeNode = (at: string): HTMLElement => {
  const date = new Date(at);
  return element('time', { datetime: at, title: dayAndTime.format(date) }, time.format(date));
};
