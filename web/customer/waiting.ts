import type { QueuePlace } from '../../contracts/events.ts';
import type { ClientState } from '../client.ts';
import { words } from './words.ts';

export type WaitingDeps = { panel: HTMLElement; announce(text: string): void };

const MINUTE_MS = 60_000;

/** In whole minutes, rounded up: nobody is angry at having waited less. Nothing where the desk does not know. */
export const expectedWait = (expectedMs: number | null): string[] => {
  if (expectedMs === null) return [];
  if (expectedMs < MINUTE_MS) return [words.expectedUnderMinute];
  const minutes = Math.ceil(expectedMs / MINUTE_MS);
  return [minutes > 60 ? words.expectedOverHour : words.expectedMinutes(minutes)];
};

const placeText = ({ position, expectedMs }: QueuePlace): string =>
  [words.place(position), ...expectedWait(expectedMs)].join(' ');

/** Says that a person is on the way, and how long it takes. Heard at the start, with the first place in the line, and as next. */
export const createWaiting = ({ panel, announce }: WaitingDeps) => {
  let wasWaiting = false;
  let heard: number | null = null;
  let wasLoaded = false;

  const tell = (text: string): void => {
    if (wasLoaded) announce(text);
  };

  return ({ view, isLoaded }: ClientState): void => {
    const isWaiting = view.owner === 'waiting' && !view.closed;
    const { queue } = view;
    if (isWaiting && !wasWaiting) tell(words.waiting);
    if (isWaiting && queue && queue.position !== heard) {
      if (heard === null || queue.position === 1) tell(placeText(queue));
      heard = queue.position;
    }
    if (!isWaiting) heard = null;
    wasWaiting = isWaiting;
    wasLoaded = isLoaded;
    panel.hidden = !isWaiting;
    const text = isWaiting ? [words.waiting, ...(queue ? [placeText(queue)] : []), words.keepWriting].join(' ') : '';
    if (panel.textContent !== text) panel.textContent = text;
  };
};
