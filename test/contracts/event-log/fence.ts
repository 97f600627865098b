import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  all,
  type CreateRig,
  delta,
  type EventLogRig,
  fresh,
  newConversationId,
  nothing,
  open,
  seqs,
  texts,
  upTo,
} from './rig.ts';

/** Positions, and who may write. */
export const describeFence = (createRig: CreateRig): void => {
  let rig: EventLogRig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.close());

  describe('positions', () => {
    test('count from 1 without a gap, however many writers append at once', async () => {
      const id = newConversationId();
      const draft = fresh(await rig.writers[0].open(id, { term: 0, turn: 1 }, nothing));
      const appended = await Promise.all(
        upTo(150).map(async (n) => {
          const writer = rig.writers[n % 3] ?? rig.writers[0];
          return fresh(await writer.append(draft, [delta(1, 1, 0, `a${n}`), delta(1, 1, 0, `b${n}`)]));
        }),
      );
      const lasts = appended.map(({ seq }) => seq).sort((a, b) => a - b);
      expect(lasts).toEqual(upTo(150).map((n) => 2 * n));
      const events = (await all(rig, id, draft)) ?? [];
      expect(seqs(events)).toEqual(upTo(300));
      // One append stays together: its two events are neighbours.
      for (let at = 0; at < events.length; at += 2) expect(texts(events.slice(at, at + 2))).toMatch(/^a(\d+) b\1$/);
      expect(new Set(events.map((event) => event.id)).size).toBe(300);
    });

    test('text of any kind comes back as it was', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1));
      const wild = '"attempt":2,"e"]}\\ \u2028 %d {0} \u0000 \ud83d\ude00 \u202e \n\'--';
      await rig.writers[0].append(draft, [delta(1, 1, 0, wild)]);
      expect((await all(rig, id, draft))?.at(-1)?.event).toEqual(delta(1, 1, 0, wild));
    });

    test('a head says what is kept and where the turn began', async () => {
      const id = newConversationId();
      expect(await rig.reader.head(id)).toBeNull();
      const first = fresh(await open(rig, id, 1));
      const { generation } = first;
      expect(await rig.reader.head(id)).toEqual({ generation, seq: 2, first: 1, turn: 1, turnStart: 0 });
      fresh(await open(rig, id, 2));
      fresh(await open(rig, id, 2));
      expect(await rig.reader.head(id)).toEqual({ generation, seq: 5, first: 1, turn: 2, turnStart: 2 });
    });

    test('an append of nothing checks the fence and moves nothing', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1));
      expect(await rig.writers[0].append(draft, [])).toEqual({ generation: draft.generation, seq: 2 });
      await rig.writers[0].raise(id, 0);
      expect(await rig.writers[0].append(draft, [])).toBe('stale');
    });
  });

  describe('fence', () => {
    test('every opening of a turn gets the next attempt; a new turn starts at 1', async () => {
      const id = newConversationId();
      const attempts = [];
      for (const turn of [1, 1, 1, 2, 2]) attempts.push(fresh(await open(rig, id, turn)).attempt);
      expect(attempts).toEqual([1, 2, 3, 1, 2]);
    });

    test('of many that open at once each gets its own attempt and only the highest may write', async () => {
      const id = newConversationId();
      const drafts = await Promise.all(upTo(12).map(async (n) => fresh(await open(rig, id, 1, 0, n % 2 ? 1 : 0))));
      expect(drafts.map(({ attempt }) => attempt).sort((a, b) => a - b)).toEqual(upTo(12));
      const results = await Promise.all(drafts.map((draft) => rig.writers[0].append(draft, [delta(1, 1, 0, 'x')])));
      expect(drafts.filter((_, index) => results[index] !== 'stale').map(({ attempt }) => attempt)).toEqual([12]);
    });

    test('a frozen writer that wakes up after another opened writes nothing', async () => {
      const id = newConversationId();
      const frozen = fresh(await open(rig, id, 1));
      const other = fresh(await open(rig, id, 1, 0, 1));
      expect(await rig.writers[0].append(frozen, [delta(1, 1, 0, 'old'), delta(1, 1, 3, 'old')])).toBe('stale');
      fresh(await rig.writers[1].append(other, [delta(1, 2, 0, 'new')]));
      expect(texts(await all(rig, id, other))).toBe('message.added reply.started reply.started new');
    });

    test('after a flush a higher attempt of the old generation writes nothing', async () => {
      const id = newConversationId();
      for (const turn of [1, 1, 1, 1]) await open(rig, id, turn);
      const frozen = fresh(await open(rig, id, 1));
      await rig.flush();
      expect(await rig.writers[0].append(frozen, [delta(1, 5, 0, 'old')])).toBe('stale');
      const other = fresh(await open(rig, id, 1, 0, 1));
      expect([frozen.attempt, other.attempt]).toEqual([5, 1]);
      expect(other.generation).not.toBe(frozen.generation);
      expect(await rig.writers[0].append(frozen, [delta(1, 5, 0, 'old')])).toBe('stale');
      // Not even where the old writer's attempt is open again in the new generation.
      for (const turn of [1, 1, 1]) await open(rig, id, turn);
      const fifth = fresh(await open(rig, id, 1));
      expect(fifth.attempt).toBe(5);
      expect(await rig.writers[0].append(frozen, [delta(1, 5, 0, 'old')])).toBe('stale');
      fresh(await rig.writers[0].append(fifth, [delta(1, 5, 0, 'new')]));
    });

    test('`once` is there once per turn and generation, `always` for each attempt', async () => {
      const id = newConversationId();
      for (const turn of [1, 1, 2, 2, 2]) await open(rig, id, turn);
      const last = fresh(await open(rig, id, 3));
      expect(texts(await all(rig, id, last))).toBe(
        [1, 2].map((repeats) => `message.added reply.started${' reply.started'.repeat(repeats)}`).join(' ') +
          ' message.added reply.started',
      );
      await rig.flush();
      expect(texts(await all(rig, id, fresh(await open(rig, id, 3))))).toBe('message.added reply.started');
    });

    test('what `always` writes names the attempt that was handed out', async () => {
      const id = newConversationId();
      for (const turn of [1, 1, 1]) await open(rig, id, turn);
      const events = (await all(rig, id, fresh(await open(rig, id, 1)))) ?? [];
      expect(events.flatMap(({ event }) => (event.type === 'reply.started' ? event.attempt : []))).toEqual(upTo(4));
    });

    test('an earlier turn or term cannot be opened and leaves the open draft alone', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 4, 2));
      expect(await open(rig, id, 3, 2)).toBe('stale');
      expect(await open(rig, id, 9, 1)).toBe('stale');
      fresh(await rig.writers[0].append(draft, [delta(4, 1, 0, 'still mine')]));
      expect(texts(await all(rig, id, draft))).toBe('message.added reply.started still mine');
    });

    test('a higher term continues the turn with the next attempt', async () => {
      const id = newConversationId();
      const assistant = fresh(await open(rig, id, 4, 0));
      const later = fresh(await open(rig, id, 4, 1));
      expect(later).toEqual({ ...assistant, term: 1, attempt: 2 });
    });

    test('a higher term that goes back in turns begins a new generation: no turn and attempt are there twice', async () => {
      const id = newConversationId();
      const before = fresh(await open(rig, id, 4, 0));
      const back = fresh(await open(rig, id, 2, 1));
      expect(back.generation).not.toBe(before.generation);
      expect(await all(rig, id, before)).toBeNull();
      expect(texts(await all(rig, id, back))).toBe('message.added reply.started');
    });

    test('a raise ends the open draft and closes lower terms', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1, 1));
      await rig.writers[1].raise(id, 2);
      expect(await rig.writers[0].append(draft, [delta(1, 1, 0, 'late')])).toBe('stale');
      expect(await open(rig, id, 2, 1)).toBe('stale');
      expect(fresh(await open(rig, id, 1, 2)).attempt).toBe(2);
    });

    test('a raise to a lower or the same term still ends the open draft, and lowers nothing', async () => {
      const id = newConversationId();
      for (const term of [3, 1]) {
        const draft = fresh(await open(rig, id, 1, 3));
        await rig.writers[1].raise(id, term);
        expect(await rig.writers[0].append(draft, [delta(1, draft.attempt, 0, 'late')])).toBe('stale');
      }
      expect(await open(rig, id, 1, 2)).toBe('stale');
    });

    test('what is announced stands beside an open draft, and only at the term of the log', async () => {
      const id = newConversationId();
      const waits = { type: 'queue.changed' as const, position: 2, expectedMs: null };
      expect(await rig.writers[1].announce(id, 1, [waits])).toBe('stale');
      const draft = fresh(await open(rig, id, 1, 1));
      fresh(await rig.writers[0].append(draft, [delta(1, 1, 0, 'one')]));
      expect(await rig.writers[1].announce(id, 1, [waits])).toBe('announced');
      fresh(await rig.writers[0].append(draft, [delta(1, 1, 3, 'two')]));
      expect(await rig.writers[1].announce(id, 0, [waits])).toBe('stale');
      expect(await rig.writers[1].announce(id, 2, [waits])).toBe('stale');
      expect(texts(await all(rig, id, draft))).toBe('message.added reply.started one queue.changed two');
      await rig.writers[1].raise(id, 2);
      expect(await rig.writers[1].announce(id, 1, [waits])).toBe('stale');
    });

    test('a halted turn says nothing more and can only be closed, by the next attempt; the next turn is free', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1, 0));
      await rig.writers[1].halt(id, 1);
      expect(await rig.writers[0].append(draft, [delta(1, 1, 0, 'late')])).toBe('stale');
      expect(await open(rig, id, 1, 0)).toBe('halted');
      const closing = { once: [], always: () => [], closing: true };
      const closed = fresh(await rig.writers[2].open(id, { term: 0, turn: 1 }, closing));
      expect(closed).toMatchObject({ attempt: 2, generation: draft.generation });
      expect(await rig.writers[2].append(closed, [delta(1, 2, 0, 'shown')])).toMatchObject({ seq: 3 });
      expect(fresh(await open(rig, id, 2, 0)).attempt).toBe(1);
    });

    test('a halt that comes too late, or where nothing was said, ends nothing', async () => {
      const id = newConversationId();
      await rig.writers[1].halt(id);
      fresh(await open(rig, id, 1, 0));
      const second = fresh(await open(rig, id, 2, 0));
      await rig.writers[1].halt(id, 1);
      expect(await rig.writers[0].append(second, [delta(2, 1, 0, 'on')])).toMatchObject({ seq: 5 });
    });

    test('a raise where there is no log yet fences all the same', async () => {
      const id = newConversationId();
      await rig.writers[0].raise(id, 2);
      expect(await rig.reader.head(id)).toMatchObject({ seq: 0, first: 1, turnStart: 0 });
      expect(await open(rig, id, 1, 1)).toBe('stale');
      expect(fresh(await open(rig, id, 1, 2)).attempt).toBe(1);
    });
  });
};
