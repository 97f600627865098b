import type { ClientState } from '../client.ts';
import { words } from './words.ts';

export type HeaderDeps = {
  company: HTMLElement;
  speaker: HTMLElement;
  customer: HTMLElement;
  startNewButton: HTMLButtonElement;
  startNew(): void;
};

/** Whose desk this is, and who is speaking. */
export const createHeader = ({ company, speaker, customer, startNewButton, startNew }: HeaderDeps) => {
  startNewButton.addEventListener('click', startNew);

  return (state: ClientState): void => {
    if (state.desk) {
      company.textContent = state.desk.company;
      document.title = state.desk.company;
    }
    speaker.textContent = words.speaker(state);
    customer.textContent = state.customer ? words.signedInAs(state.customer.name ?? state.customer.id) : '';
    startNewButton.hidden = state.view.messages.length + state.outbox.length === 0;
  };
};
