import type { DeskEffect } from '../contracts/desk-work.ts';
import type { Wanted } from './desk-records.ts';

/** What is to be done outside. An effect stays here until it is settled, and so goes on in the next run. */
export class DeskOutbox {
  #count: number;
  #open: Map<number, DeskEffect>;
  #unsent: DeskEffect[];

  constructor(carried: DeskEffect[], count: number) {
    this.#count = count;
    this.#open = new Map(carried.map((effect) => [effect.id, effect]));
    this.#unsent = [...carried];
  }

  want(effect: Wanted): void {
    const wanted: DeskEffect = { ...effect, id: ++this.#count };
    this.#open.set(wanted.id, wanted);
    this.#unsent.push(wanted);
  }

  /** What nobody has begun to do yet. */
  take(): DeskEffect[] {
    const taken = this.#unsent;
    this.#unsent = [];
    return taken;
  }

  settle(id: number): DeskEffect | undefined {
    const effect = this.#open.get(id);
    this.#open.delete(id);
    return effect;
  }

  get open(): DeskEffect[] {
    return [...this.#open.values()];
  }

  get count(): number {
    return this.#count;
  }
}
