import type { DeskFloor } from './desk-floor.ts';
import type { DeskOutbox } from './desk-outbox.ts';

/** The head of the line is told of every move; who stands further back is told on joining, and again on getting here. */
const TOLD = 20;

/** Moves are told together, at most this often, milliseconds: each is an event that customers' pages wake up for. */
const TELL_MS = 5_000;

/** Tells those who wait where they stand and for how long. */
export class DeskPositions {
  #floor: DeskFloor;
  #outbox: DeskOutbox;
  #toldAt: number;
  #isDue = false;

  constructor(floor: DeskFloor, outbox: DeskOutbox, toldAt: number) {
    this.#floor = floor;
    this.#outbox = outbox;
    this.#toldAt = toldAt;
  }

  get toldAt(): number {
    return this.#toldAt;
  }

  due(): void {
    this.#isDue = false;
  }

  /** Whoever was told nothing yet hears it at once, the head of the line when it is time. */
  tell(newcomers: readonly string[], handleMs: number, now: number): void {
    for (const conversationId of newcomers) this.#tell(conversationId, handleMs);
    const moved = this.#floor.queue
      .first(TOLD)
      .filter(({ told }, i) => told !== i + 1)
      .map(({ conversationId }) => conversationId);
    if (moved.length === 0 || this.#isDue) return;
    const at = this.#toldAt + TELL_MS;
    if (at > now) {
      this.#isDue = true;
      this.#floor.deadlines.add({ at, kind: 'positions' });
      return;
    }
    this.#toldAt = now;
    for (const conversationId of moved) this.#tell(conversationId, handleMs);
  }

  #tell(conversationId: string, handleMs: number): void {
    const entry = this.#floor.entries.get(conversationId);
    const position = entry ? this.#floor.queue.position(entry) : 0;
    if (!entry || position === 0) return;
    entry.told = position;
    const expectedMs = this.#expectedMs(position, handleMs);
    this.#outbox.want({ kind: 'position', conversationId, term: entry.term, position, expectedMs });
  }

  /** `null` while nobody is there to serve it. */
  #expectedMs(position: number, handleMs: number): number | null {
    let places = 0;
    for (const { status, capacity } of this.#floor.agents.values())
      if (status === 'online' || status === 'busy' || status === 'wrapUp') places += capacity;
    return places === 0 ? null : Math.round((position * handleMs) / places);
  }
}
