import { element } from './element.ts';
import type { Notice } from './notices.ts';
import { words } from './words.ts';

export const noticeText = ({ kind, name }: Notice, assistant: string): string => {
  const who = name ?? words.person;
  switch (kind) {
    case 'resolved':
      return words.resolved;
    case 'givenBack':
      return words.givenBack(who, assistant);
    default:
      return words[kind](who);
  }
};

/** One quiet line in the thread. */
export const noticeContent = (notice: Notice, assistant: string): HTMLElement =>
  element('p', { class: 'notice' }, noticeText(notice, assistant));
