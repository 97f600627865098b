export type CarriedTickets = { opening: string[]; any: boolean };

/** The tickets that a conversation has asked for: which are being opened, and whether there are any. */
export class Tickets {
  #opening: Set<string>;
  #any: boolean;

  constructor({ opening, any }: CarriedTickets = { opening: [], any: false }) {
    this.#opening = new Set(opening);
    this.#any = any;
  }

  /** Reasons for which one is being opened. */
  get opening(): readonly string[] {
    return [...this.#opening];
  }

  get any(): boolean {
    return this.#any;
  }

  ask(reason: string): void {
    this.#opening.add(reason);
    this.#any = true;
  }

  settled(reason: string): void {
    this.#opening.delete(reason);
  }

  carry(): CarriedTickets {
    return { opening: this.opening.slice(), any: this.#any };
  }
}
