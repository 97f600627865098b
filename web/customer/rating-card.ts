import type { ClientState } from '../client.ts';
import { asksForRating } from '../conversation-view.ts';
import { MAX_LENGTH } from '../message-length.ts';
import { element } from './element.ts';
import { words } from './words.ts';

export type RatingCardDeps = { rate(score: number, comment?: string): void; announce(text: string): void };

/** Asks once how it was: five radio buttons, which every keyboard and screen reader knows, and room for a word. */
export const createRatingCard = ({ rate, announce }: RatingCardDeps) => {
  const node = element('div', { class: 'rating' });
  const status = element('p', { class: 'status' });
  const comment = element('textarea', { id: 'rating-comment', rows: '2', dir: 'auto' });
  const button = element('button', { type: 'submit', class: 'confirm' }, words.sendRating);
  comment.maxLength = MAX_LENGTH;
  let shown: 'nothing' | 'form' | 'thanks' = 'nothing';
  let wasLoaded = false;

  const form = element(
    'form',
    {
      class: 'action',
      submit(event) {
        event.preventDefault();
        const chosen = new FormData(form).get('score');
        if (typeof chosen === 'string') rate(Number(chosen), comment.value);
      },
    },
    element(
      'fieldset',
      {},
      element('legend', { dir: 'auto' }, words.rateTitle),
      element('div', { class: 'scores' }, ...words.score.map((meaning, index) => scoreNode(index + 1, meaning))),
    ),
    element('label', { for: 'rating-comment', dir: 'auto' }, words.rateComment),
    comment,
    status,
    element('div', { class: 'choices' }, button),
  );

  const show = (next: typeof shown, score: number): void => {
    const hadFocus = node.contains(document.activeElement);
    node.hidden = next === 'nothing';
    node.replaceChildren(
      ...(next === 'form' ? [form] : []),
      ...(next === 'thanks' ? [element('p', { class: 'action', dir: 'auto' }, words.rated(score))] : []),
    );
    if (hadFocus && next === 'thanks') {
      node.tabIndex = -1;
      node.focus();
    }
    if (wasLoaded && next !== 'nothing') announce(next === 'form' ? words.rateTitle : words.rated(score));
    shown = next;
  };

  const draw = (state: ClientState): void => {
    const { view, rating, isLoaded } = state;
    const isOver = view.resolved !== null && !view.closed;
    const next = isOver && view.rated !== null ? 'thanks' : isOver && asksForRating(view) ? 'form' : 'nothing';
    if (next !== shown) show(next, view.rated ?? 0);
    // Really disabled it would lose the focus of whoever pressed it; the client takes one rating at a time by itself.
    button.setAttribute('aria-disabled', String(rating === 'sending'));
    button.textContent = rating === 'sending' ? words.sending : words.sendRating;
    const trouble = rating === 'failed' ? words.ratingFailed : '';
    if (status.textContent !== trouble) {
      status.textContent = trouble;
      if (trouble) announce(trouble);
    }
    wasLoaded = isLoaded;
  };

  node.hidden = true;
  return { node, draw };
};

const scoreNode = (score: number, meaning: string): HTMLElement =>
  element(
    'label',
    { title: meaning },
    element('input', {
      ...{ type: 'radio', name: 'score', value: String(score), required: true },
      'aria-label': words.scoreOf(score, meaning),
    }),
    element('span', { 'aria-hidden': 'true' }, String(score)),
  );
