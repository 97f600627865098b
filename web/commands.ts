import type { ClientFrame } from '../contracts/frames.ts';
import type { Clock } from './clock.ts';
import { createDecisions } from './decisions.ts';
import type { Memory } from './memory.ts';
import { createOutbox, type Refusal } from './outbox.ts';
import { createPersonWish } from './person-wish.ts';
import { createRating } from './rating.ts';

export type CommandsDeps = {
  memory: Memory;
  clock: Clock;
  newId(): string;
  transmit(frame: ClientFrame): void;
  /** The score that counts is known. */
  rated(score: number): void;
  changed(): void;
};

/** Everything that the customer has said or pressed and that the desk has not answered for yet. */
export const createCommands = (deps: CommandsDeps) => {
  const outbox = createOutbox(deps);
  const decisions = createDecisions(deps);
  const person = createPersonWish(deps);
  const rating = createRating({ ...deps, counted: deps.rated });
  const all = [outbox, decisions, person, rating];

  return {
    ...{ outbox, decisions, person, rating },
    /** As it is shown. */
    state: () => ({
      outbox: outbox.entries(),
      pressed: decisions.pressed(),
      personWish: person.status(),
      rating: rating.status(),
    }),
    goOnline(conversation: string): void {
      for (const each of all) each.goOnline(conversation);
    },
    goOffline(): void {
      for (const each of all) each.goOffline();
    },
    acknowledged(clientMessageId: string): void {
      outbox.acknowledged(clientMessageId);
      person.acknowledged(clientMessageId);
    },
    refused(refusal: Refusal): void {
      for (const each of all) each.refused(refusal);
    },
    /** The conversation is another. */
    forget(): void {
      outbox.abandon();
      for (const each of [decisions, person, rating]) each.forget();
    },
  };
};
