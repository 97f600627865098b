/** How a turn of the assistant's went: `groundless` where nothing was found to answer from. */
export type Went = 'well' | 'wrong' | 'groundless';

/** How many turns in a row the playbook bears before a person is wanted; a limit that is absent is never reached. */
export type Limits = { repeatedFailure?: number; repeatedlyUnanswered?: number };

export type CarriedPatience = { failures: number; groundless: number; last: Went | null };

/** Counts turns in a row that did not help. */
export class Patience {
  #failures: number;
  #groundless: number;
  #last: Went | null;

  constructor({ failures, groundless, last }: CarriedPatience = { failures: 0, groundless: 0, last: null }) {
    this.#failures = failures;
    this.#groundless = groundless;
    this.#last = last;
  }

  /** How the last turn went; `null` before the first. */
  get last(): Went | null {
    return this.#last;
  }

  /** @returns the rule of the playbook that wants a person now, counted anew from here */
  ended(went: Went, { repeatedFailure, repeatedlyUnanswered }: Limits): string | null {
    this.#last = went;
    this.#failures = went === 'wrong' ? this.#failures + 1 : 0;
    this.#groundless = went === 'well' ? 0 : this.#groundless + 1;
    const failed = this.#failures === repeatedFailure;
    if (!failed && (repeatedlyUnanswered === undefined || this.#groundless < repeatedlyUnanswered)) return null;
    this.#failures = 0;
    this.#groundless = 0;
    return failed ? 'repeatedFailure' : 'repeatedlyUnanswered';
  }

  carry(): CarriedPatience {
    return { failures: this.#failures, groundless: this.#groundless, last: this.#last };
  }
}
