import type { Action } from '../../contracts/actions.ts';
import { element } from './element.ts';
import type { Card } from './timeline.ts';
import { words } from './words.ts';

export type CardActions = { decide(action: string, decision: 'confirm' | 'cancel'): void };

/** What a card says of itself: how the action stands, or what was pressed on it a moment ago. */
type Status = keyof typeof words.action;

/** By this browser's clock; the desk has the last word. */
export const cardStatus = ({ action, pressed }: Card): Status => {
  if (action.state !== 'proposed') return action.state;
  const isOver = action.expiresAt !== undefined && Date.parse(action.expiresAt) <= Date.now();
  if (pressed?.status === 'failed' || (isOver && !pressed)) return 'expired';
  if (pressed?.status === 'sending') return pressed.decision === 'confirm' ? 'confirming' : 'cancelling';
  if (pressed) return pressed.decision === 'confirm' ? 'confirmed' : 'cancelled';
  return 'proposed';
};

/** When the next card's time is over, epoch milliseconds. */
export const expiryOf = (actions: readonly Action[]): number | null => {
  const times = actions
    .filter(({ state, expiresAt }) => state === 'proposed' && expiresAt !== undefined)
    .map(({ expiresAt }) => Date.parse(expiresAt ?? ''))
    .filter((time) => time > Date.now());
  return times.length > 0 ? Math.min(...times) : null;
};

/** What is about to happen, word for word, and the two ways to answer. */
export const cardContent = (card: Card, { decide }: CardActions): HTMLElement => {
  const { action } = card;
  const status = cardStatus(card);
  const title = `action-${action.id}`;
  const button = (decision: 'confirm' | 'cancel') =>
    element(
      'button',
      { type: 'button', class: decision, 'aria-describedby': title, click: () => decide(action.id, decision) },
      words[decision],
    );
  return element(
    'section',
    { class: 'action', 'data-status': status, 'aria-labelledby': title },
    element('h2', { id: title, dir: 'auto' }, action.title),
    element(
      'dl',
      {},
      ...action.arguments.flatMap(({ label, value }) => [
        element('dt', { dir: 'auto' }, label),
        element('dd', { dir: 'auto' }, value),
      ]),
    ),
    element('p', { class: 'status' }, words.action[status]),
    ...(status === 'proposed' ? [element('div', { class: 'choices' }, button('confirm'), button('cancel'))] : []),
  );
};

export const spokenCard = (card: Card): string => {
  const { title, arguments: given } = card.action;
  const status = cardStatus(card);
  const details = status === 'proposed' ? given.map(({ label, value }) => `${label}: ${value}`) : [];
  return [title, ...details, words.action[status]].join('. ');
};
