import type { ClientState } from '../client.ts';
import { words } from './words.ts';

export type HeaderDeps = {
  company: HTMLElement;
  speaker: HTMLElement;
  customer: HTMLElement;
  /** The company's mark, for its assistant. */
  mark: HTMLElement;
  /** In its place while a person is speaking: their initials. */
  portrait: HTMLElement;
  startNewButton: HTMLButtonElement;
  startNew(): void;
};

/** Whose desk this is, and who is speaking. */
export const createHeader = ({ company, speaker, customer, mark, portrait, startNewButton, startNew }: HeaderDeps) => {
  startNewButton.addEventListener('click', startNew);

  return (state: ClientState): void => {
    const { desk, view } = state;
    if (desk) {
      company.textContent = desk.company;
      document.title = desk.company;
    }
    const isPerson = view.owner === 'agent';
    speaker.textContent = speakerOf(state);
    mark.hidden = isPerson;
    portrait.hidden = !isPerson;
    portrait.textContent = isPerson ? initialsOf(view.by ?? '') : '';
    customer.textContent = state.customer ? words.signedInAs(state.customer.name ?? state.customer.id) : '';
    startNewButton.hidden = view.messages.length + state.outbox.length === 0;
  };
};

/** While somebody waits it is still the assistant who answers. */
const speakerOf = ({ desk, view, connection }: ClientState): string => {
  if (connection.status === 'refused') return words.notConnected;
  if (!desk) return words.connecting;
  if (view.owner === 'agent') return `${view.by ?? words.person}, ${desk.company}`;
  return words.assistantOf(desk.assistant);
};

const initialsOf = (name: string): string => {
  const initials = name
    .trim()
    .split(/\s+/)
    .map((word) => [...word][0] ?? '');
  return [initials[0], initials.length > 1 ? initials.at(-1) : ''].join('').toUpperCase() || '·';
};
