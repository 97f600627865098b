/** What becomes due; epoch milliseconds. */
type Due = { readonly at: number };

/** A binary heap. Nothing is taken out early: whoever is told of a deadline looks whether it still means anything. */
export class Deadlines<T extends Due> {
  #heap: T[] = [];

  get next(): number | null {
    return this.#heap[0]?.at ?? null;
  }

  add(due: T): void {
    this.#heap.push(due);
    for (let i = this.#heap.length - 1; i > 0; ) {
      const parent = (i - 1) >> 1;
      if (!this.#swapIfLater(parent, i)) return;
      i = parent;
    }
  }

  /** Takes out what is due at `now`, the earliest first, one call each. */
  take(now: number): T | null {
    const [first] = this.#heap;
    if (!first || first.at > now) return null;
    const last = this.#heap.pop();
    if (last && this.#heap.length > 0) {
      this.#heap[0] = last;
      for (let i = 0; ; ) {
        const left = 2 * i + 1;
        const right = left + 1;
        const child = (this.#heap[right]?.at ?? Infinity) < (this.#heap[left]?.at ?? Infinity) ? right : left;
        if (!this.#swapIfLater(i, child)) break;
        i = child;
      }
    }
    return first;
  }

  /** `false`: they are in order, or there is no child. */
  #swapIfLater(parent: number, child: number): boolean {
    const upper = this.#heap[parent];
    const lower = this.#heap[child];
    if (!upper || !lower || upper.at <= lower.at) return false;
    this.#heap[parent] = lower;
    this.#heap[child] = upper;
    return true;
  }
}
