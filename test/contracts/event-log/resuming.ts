import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  type CreateRig,
  delta,
  type EventLogRig,
  fresh,
  newConversationId,
  nothing,
  open,
  readAll,
  seqs,
  upTo,
} from './rig.ts';

/** Going on from a position, or being told that it cannot be done. */
export const describeResuming = (createRig: CreateRig): void => {
  let rig: EventLogRig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.close());

  describe('resuming', () => {
    test('works from every position and brings exactly what follows', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1));
      for (const n of upTo(20)) await rig.writers[0].append(draft, [delta(1, 1, n, `${n}`)]);
      for (const seq of upTo(22, 0)) {
        const events = await readAll(rig.reader, id, { generation: draft.generation, seq });
        expect(seqs(events ?? [])).toEqual(upTo(22, seq + 1));
      }
    });

    test('a range holds no more than asked for', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1));
      const range = await rig.reader.after(id, { generation: draft.generation, seq: 0 }, 1);
      expect(range.continuous && seqs(range.events)).toEqual([1]);
    });

    test.each([
      ['ahead of the head', 1, 'own'],
      ['far ahead', Number.MAX_SAFE_INTEGER, 'own'],
      ['negative', -3, 'own'],
      ['no whole number', -1.5, 'own'],
      ['not a number', Number.NaN, 'own'],
      ['of another generation', 0, 'AAAAAAAAAAAAAAAAAAAAAA'],
    ])('a position that is %s is not continuous', async (_, offset, generation) => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1));
      const position = { generation: generation === 'own' ? draft.generation : generation, seq: 2 + offset };
      expect(await rig.reader.after(id, position, 10)).toEqual({ continuous: false });
    });

    test('a position of another conversation, or of one without a log, is not continuous', async () => {
      const draft = fresh(await open(rig, newConversationId(), 1));
      const other = newConversationId();
      const foreign = { generation: draft.generation, seq: 1 };
      expect(await rig.reader.after(other, foreign, 10)).toEqual({ continuous: false });
      await open(rig, other, 1);
      expect(await rig.reader.after(other, foreign, 10)).toEqual({ continuous: false });
    });

    test('a slow reader whose events were trimmed is told, one at the edge is not', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1));
      const { generation } = draft;
      for (const n of upTo(8)) await rig.writers[0].append(draft, [delta(1, 1, n, `${n}`)]);
      await rig.trim(id, 3);
      expect(await rig.reader.head(id)).toEqual({ generation, seq: 10, first: 8, turn: 1, turnStart: 0 });
      expect(await rig.reader.after(id, { generation, seq: 6 }, 10)).toEqual({ continuous: false });
      expect(seqs((await readAll(rig.reader, id, { generation, seq: 7 })) ?? [])).toEqual([8, 9, 10]);
      await rig.trim(id, 0);
      expect(await rig.reader.head(id)).toEqual({ generation, seq: 10, first: 11, turn: 1, turnStart: 0 });
      expect(await rig.reader.after(id, { generation, seq: 9 }, 10)).toEqual({ continuous: false });
      expect(await rig.reader.after(id, { generation, seq: 10 }, 10)).toEqual({ continuous: true, events: [] });
      fresh(await rig.writers[0].append(draft, [delta(1, 1, 9, '9')]));
      expect(seqs((await readAll(rig.reader, id, { generation, seq: 10 })) ?? [])).toEqual([11]);
    });

    test.each([{ exact: true }, { exact: false }])('the log trims itself, %o, and stays provable', async (settings) => {
      const small = await createRig({ maxEvents: 10, ...settings });
      try {
        const id = newConversationId();
        const draft = fresh(await small.writers[0].open(id, { term: 0, turn: 1 }, nothing));
        for (const n of upTo(250)) await small.writers[0].append(draft, [delta(1, 1, n, `${n}`)]);
        const first = (await small.reader.head(id))?.first ?? 0;
        expect(first).toBeGreaterThan(settings.exact ? 240 : 100);
        expect(first).toBeLessThanOrEqual(241);
        for (const seq of upTo(250, 0)) {
          const events = await readAll(small.reader, id, { generation: draft.generation, seq }, 1_000);
          expect(events && seqs(events)).toEqual(seq >= first - 1 ? upTo(250, seq + 1) : null);
        }
      } finally {
        await small.close();
      }
    });
  });
};
