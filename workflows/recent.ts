/** A map that forgets the oldest: what was over long ago is not asked for again. */
export class Recent<V> {
  #limit: number;
  #values: Map<string, V>;

  constructor(limit: number, carried: Iterable<readonly [string, V]>) {
    this.#limit = limit;
    this.#values = new Map(carried);
  }

  get(key: string): V | undefined {
    return this.#values.get(key);
  }

  set(key: string, value: V): void {
    this.#values.delete(key);
    this.#values.set(key, value);
    if (this.#values.size > this.#limit) this.#values.delete(this.#values.keys().next().value ?? '');
  }

  entries(): [string, V][] {
    return [...this.#values];
  }
}
