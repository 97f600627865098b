import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { LoggedEvent, Position } from '../../../contracts/events.ts';
import type { Draft } from '../../../stream/event-log.ts';
import { type CreateRig, delta, type EventLogRig, newConversationId, said, started } from './rig.ts';

type Step =
  | { do: 'open'; writer: number; term: number; turn: number }
  | { do: 'append'; writer: number; count: number }
  | { do: 'raise'; writer: number; term: number }
  | { do: 'flush' }
  | { do: 'trim'; keep: number }
  | { do: 'read'; limit: number };

const writer = fc.nat({ max: 2 });
const term = fc.nat({ max: 2 });
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 5, arbitrary: fc.record({ do: fc.constant('open'), writer, term, turn: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 9, arbitrary: fc.record({ do: fc.constant('append'), writer, count: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('raise'), writer, term }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('flush') }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('trim'), keep: fc.nat({ max: 6 }) }) },
  { weight: 5, arbitrary: fc.record({ do: fc.constant('read'), limit: fc.integer({ min: 1, max: 5 }) }) },
);

/** What a writer holds: its draft, and how much of its own text it believes to be in the log. */
type Holder = { draft: Draft; length: number };

/** What must be true, in the fewest words: who may write, which opening is stale, which attempt comes next. */
class Model {
  term = 0;
  turn = 0;
  attempt = 0;
  exists = false;
  holder: Holder | undefined;

  /** The attempt that opening hands out, or stale. */
  open(term: number, turn: number): number | 'stale' {
    if (term < this.term || (term === this.term && turn < this.turn)) return 'stale';
    this.attempt = this.exists && turn === this.turn ? this.attempt + 1 : 1;
    Object.assign(this, { term, turn, exists: true });
    return this.attempt;
  }

  raise(term: number): void {
    Object.assign(this, { term: Math.max(this.term, term), exists: true, holder: undefined });
  }

  flush(): void {
    Object.assign(this, { term: 0, turn: 0, attempt: 0, exists: false, holder: undefined });
  }
}

/** A client: shows text per turn and attempt, and starts over from what is kept when continuity cannot be proven. */
class Reader {
  position: Position = { generation: 'none', seq: 0 };
  shown = new Map<string, string>();
  newest = { turn: 0, attempt: 0 };

  startOver(position: Position): void {
    Object.assign(this, { position, shown: new Map(), newest: { turn: 0, attempt: 0 } });
  }

  take({ position, event }: LoggedEvent): void {
    expect(position).toEqual({ generation: this.position.generation, seq: this.position.seq + 1 });
    this.position = position;
    if (event.type !== 'reply.started' && event.type !== 'reply.delta') return;
    const { turn, attempt } = event;
    const { newest } = this;
    const old = turn < newest.turn || (turn === newest.turn && attempt < newest.attempt);
    expect({ old, turn, attempt, newest }).toMatchObject({ old: false });
    this.newest = { turn, attempt };
    const key = `${turn}.${attempt}`;
    if (event.type === 'reply.started') this.shown.set(key, '');
    const text = this.shown.get(key);
    // Trimmed away or begun before the last start: a client has that much from the snapshot.
    if (event.type !== 'reply.delta' || text === undefined) return;
    expect(event.offset).toBe(text.length);
    this.shown.set(key, text + event.text);
  }
}

const run = async (rig: EventLogRig, steps: Step[]): Promise<void> => {
  const id = newConversationId();
  const model = new Model();
  const reader = new Reader();
  const holders: (Holder | undefined)[] = [];
  /** What each draft's writer was told is written; what a reader shows must begin with it or be its beginning. */
  const written = new Map<string, string>();
  const nameOf = ({ generation, turn, attempt }: Draft) => `${generation} ${turn}.${attempt}`;

  const read = async (limit: number) => {
    const range = await rig.reader.after(id, reader.position, limit);
    if (range.continuous) for (const event of range.events) reader.take(event);
    else {
      const head = await rig.reader.head(id);
      if (!head) return;
      if (head) reader.startOver({ generation: head.generation, seq: head.first - 1 });
    }
    for (const [key, text] of reader.shown)
      expect(written.get(`${reader.position.generation} ${key}`)?.startsWith(text)).toBe(true);
  };

  for (const step of steps) {
    if (step.do === 'open') {
      const events = { once: [said(step.turn)], always: started(step.turn) };
      const draft = await (rig.writers[step.writer] ?? rig.writers[0]).open(id, step, events);
      const expected = model.open(step.term, step.turn);
      expect(typeof draft === 'string' ? draft : draft.attempt).toBe(expected);
      if (typeof draft === 'string') continue;
      expect(written.has(nameOf(draft))).toBe(false);
      written.set(nameOf(draft), '');
      model.holder = { draft, length: 0 };
      holders[step.writer] = model.holder;
    } else if (step.do === 'append') {
      const holder = holders[step.writer];
      if (!holder) continue;
      const { draft } = holder;
      const events = Array.from({ length: step.count }, (_, index) =>
        delta(draft.turn, draft.attempt, holder.length + 2 * index, `${(holder.length / 2 + index) % 10},`),
      );
      const result = await (rig.writers[step.writer] ?? rig.writers[0]).append(draft, events);
      expect(result === 'stale').toBe(model.holder !== holder);
      if (result === 'stale') continue;
      holder.length += 2 * step.count;
      written.set(
        nameOf(draft),
        (written.get(nameOf(draft)) ?? '') +
          events.map((event) => (event.type === 'reply.delta' ? event.text : '')).join(''),
      );
    } else if (step.do === 'raise') {
      await (rig.writers[step.writer] ?? rig.writers[0]).raise(id, step.term);
      model.raise(step.term);
    } else if (step.do === 'flush') {
      await rig.flush();
      model.flush();
    } else if (step.do === 'trim') await rig.trim(id, step.keep);
    else await read(step.limit);
  }

  // In the end a reader that goes on reading has everything, and shows the whole text of what it saw begin.
  const head = await rig.reader.head(id);
  if (!head) return;
  while (reader.position.generation !== head.generation || reader.position.seq < head.seq) await read(5);
  for (const [key, text] of reader.shown) expect(written.get(`${reader.position.generation} ${key}`)).toBe(text);
};

/** Random interleavings of three writers, checked step by step against the model. Failing seeds are printed by fast-check. */
export const describeInterleavings = (createRig: CreateRig, { numRuns }: { numRuns: number }): void => {
  describe('interleavings', () => {
    let rig: EventLogRig;
    beforeAll(async () => {
      rig = await createRig();
    });
    afterAll(() => rig.close());

    test('a reader shows a prefix of each attempt, nothing old after something new, and no seq twice', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 40 }), (steps) => run(rig, steps)),
        { numRuns },
      );
    });
  });
};
