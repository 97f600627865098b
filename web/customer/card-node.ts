import type { Action } from '../../contracts/actions.ts';
import { element } from './element.ts';
import type { Card } from './timeline.ts';
import { words } from './words.ts';

export type CardActions = { decide(action: string, decision: 'confirm' | 'cancel'): void };

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
  const { action, status } = card;
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

export const spokenCard = ({ action, status }: Card): string => {
  const { title, arguments: given } = action;
  const details = status === 'proposed' ? given.map(({ label, value }) => `${label}: ${value}`) : [];
  return [title, ...details, words.action[status]].join('. ');
};
