export type CarriedIntent = { intent?: string; shown?: string };

/** What the customer wants, as the playbook names it, and what of it operators see already. */
export class KnownIntent {
  #intent: string | undefined;
  #shown: string | undefined;

  constructor({ intent, shown }: CarriedIntent = {}) {
    this.#intent = intent;
    this.#shown = shown;
  }

  get name(): string | undefined {
    return this.#intent;
  }

  /** A turn that could not tell changes nothing. */
  understood(intent: string | undefined): void {
    this.#intent = intent ?? this.#intent;
  }

  /** What the customer wants, unless operators see it already. */
  get unseen(): string | undefined {
    return this.#intent === this.#shown ? undefined : this.#intent;
  }

  get isShown(): boolean {
    return this.#shown !== undefined;
  }

  shown(): void {
    this.#shown = this.#intent;
  }

  carry(): CarriedIntent {
    return {
      ...(this.#intent === undefined ? {} : { intent: this.#intent }),
      ...(this.#shown === undefined ? {} : { shown: this.#shown }),
    };
  }
}
