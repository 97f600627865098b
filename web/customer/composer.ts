import type { ClientState } from '../client.ts';
import { MAX_LENGTH } from '../message-length.ts';
import type { StoredText } from './browser-storage.ts';
import { words } from './words.ts';

/** From here on the customer sees how many characters are left. */
const COUNT_FROM = 3_600;
/** CSS pixels; a longer message scrolls inside. */
const MAX_HEIGHT = 160;

export type ComposerDeps = {
  form: HTMLFormElement;
  field: HTMLTextAreaElement;
  counter: HTMLElement;
  stopButton: HTMLButtonElement;
  /** Where an unfinished message waits for the page to come back. */
  draft: StoredText;
  send(text: string): unknown;
  stop(): void;
};

/** Enter sends, Shift+Enter begins a new line, and Enter that ends the composition of a character does neither. */
export const createComposer = ({ form, field, counter, stopButton, draft, send, stop }: ComposerDeps) => {
  const resize = (): void => {
    const left = MAX_LENGTH - field.value.length;
    counter.textContent = field.value.length >= COUNT_FROM ? words.charactersLeft(left) : '';
    field.style.height = 'auto';
    field.style.height = `${Math.min(field.scrollHeight, MAX_HEIGHT)}px`;
  };

  const submit = (): void => {
    const text = field.value.trim();
    if (text === '') return;
    field.value = '';
    draft.set(null);
    resize();
    send(text);
  };

  field.maxLength = MAX_LENGTH;
  field.value = draft.get() ?? '';
  resize();
  field.addEventListener('input', () => {
    draft.set(field.value);
    resize();
  });
  field.addEventListener('keydown', (event) => {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  stopButton.addEventListener('click', () => {
    stop();
    field.focus();
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    submit();
    field.focus();
  });

  return ({ view, connection }: ClientState): void => {
    stopButton.hidden = view.reply === null || connection.status !== 'online';
    form.hidden = view.closed || connection.status === 'refused';
  };
};
