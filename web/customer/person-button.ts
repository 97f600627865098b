import type { ClientState } from '../client.ts';
import { words } from './words.ts';

export type PersonButtonDeps = {
  button: HTMLButtonElement;
  label: HTMLElement;
  askForPerson(): void;
  announce(text: string): void;
};

/**
 * A person is always one press away. Where one is on the way or there, the button says so. It is disabled for assistive
 * technology only: a button that is really disabled loses the focus of whoever pressed it.
 */
export const createPersonButton = ({ button, label, askForPerson, announce }: PersonButtonDeps) => {
  const isOff = (): boolean => button.getAttribute('aria-disabled') === 'true';

  button.addEventListener('click', () => {
    if (isOff()) return;
    announce(words.askingForPerson);
    askForPerson();
  });

  return ({ view, personWish, connection }: ClientState): void => {
    button.hidden = view.closed || connection.status === 'refused';
    button.setAttribute('aria-disabled', String(view.owner !== 'assistant' || personWish !== null));
    if (view.owner === 'agent') label.textContent = words.talkingTo(view.by ?? words.person);
    else if (view.owner === 'waiting') label.textContent = words.inLine;
    else label.textContent = personWish ? words.askingForPerson : words.talkToPerson;
  };
};
