import type { SlaStanding, SlaTerms } from '../contracts/sla.ts';
import { type CarriedSla, SlaClocks } from './sla.ts';

export type CarriedHandoffSla = { terms: SlaTerms; clocks: CarriedSla };

/** A conversation's SLA clocks, which run from the first handoff until people owe the customer nothing more. */
export class HandoffSla {
  #terms: SlaTerms | null = null;
  #clocks: SlaClocks | null = null;
  #shown = '[]';

  constructor(carried: CarriedHandoffSla | null = null) {
    if (!carried) return;
    this.#run(carried.terms, carried.clocks);
    this.#shown = JSON.stringify(this.#clocks?.standing);
  }

  /** `null` while nobody owes anything. */
  get clocks(): SlaClocks | null {
    return this.#clocks;
  }

  handedOver(terms: SlaTerms | undefined, now: number): void {
    if (!this.#clocks && terms) this.#run(terms);
    this.#clocks?.handedOver(now);
  }

  end(): void {
    this.#clocks = null;
    this.#terms = null;
  }

  /** How the clocks stand, where that is not what was written down last; `null` where it is. */
  unshown(): SlaStanding[] | null {
    const standing = this.#clocks?.standing ?? [];
    const text = JSON.stringify(standing);
    if (text === this.#shown) return null;
    this.#shown = text;
    return standing;
  }

  #run(terms: SlaTerms, clocks?: CarriedSla): void {
    this.#terms = terms;
    this.#clocks = new SlaClocks(terms.targets, terms.open, clocks);
  }

  carry(): CarriedHandoffSla | null {
    return this.#terms && this.#clocks && { terms: this.#terms, clocks: this.#clocks.carry() };
  }
}
