/** What decides the order; the smaller `key` first, equals in the order they came (`seq`). */
export type Ranked = { readonly key: number; readonly seq: number };

/** An array kept in order: a place is found by halving, and 2,000 references move in microseconds. */
export class WaitingLine<T extends Ranked> implements Iterable<T> {
  #items: T[] = [];

  get length(): number {
    return this.#items.length;
  }

  add(item: T): void {
    this.#items.splice(this.#at(item), 0, item);
  }

  /** Does nothing when it is not there. An item must leave before its key changes. */
  remove(item: T): void {
    const at = this.#at(item);
    if (this.#items[at] === item) this.#items.splice(at, 1);
  }

  /** 1 for the first; 0 for one that is not there. */
  position(item: T): number {
    const at = this.#at(item);
    return this.#items[at] === item ? at + 1 : 0;
  }

  first(count: number): T[] {
    return this.#items.slice(0, count);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#items[Symbol.iterator]();
  }

  #at({ key, seq }: Ranked): number {
    let low = 0;
    let high = this.#items.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const item = this.#items[middle];
      if (item && (item.key < key || (item.key === key && item.seq < seq))) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
