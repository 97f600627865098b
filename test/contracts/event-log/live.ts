import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import {
  all,
  type CreateRig,
  delta,
  type EventLogRig,
  eventually,
  fresh,
  listen,
  newConversationId,
  open,
  seqs,
  texts,
  upTo,
} from './rig.ts';

/** What listeners hear. */
export const describeLive = (createRig: CreateRig): void => {
  let rig: EventLogRig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterAll(() => rig.close());

  describe('live', () => {
    test('every listener hears each event once, in order, as it lies in the log', async () => {
      const id = newConversationId();
      const [one, two] = [await listen(rig.reader, id), await listen(rig.reader, id)];
      const draft = fresh(await open(rig, id, 1));
      for (const n of upTo(40))
        fresh(
          await (rig.writers[n % 3] ?? rig.writers[0]).append(draft, [delta(1, 1, n, `${n}`), delta(1, 1, n, '.')]),
        );
      await eventually(() => one.heard.length >= 82 && two.heard.length >= 82);
      expect(one.heard).toEqual(await all(rig, id, draft));
      expect(two.heard).toEqual(one.heard);
      expect(one.gaps.count).toBe(0);
      one.end();
      two.end();
    });

    test('a listener hears nothing of other conversations, of refused appends, or after its end', async () => {
      const [id, other] = [newConversationId(), newConversationId()];
      const [gone, stays] = [await listen(rig.reader, id), await listen(rig.reader, id)];
      const draft = fresh(await open(rig, id, 1));
      await open(rig, other, 1);
      await eventually(() => gone.heard.length === 2);
      gone.end();
      gone.end();
      await rig.writers[0].raise(id, 0);
      expect(await rig.writers[0].append(draft, [delta(1, 1, 0, 'late')])).toBe('stale');
      await open(rig, id, 1);
      await eventually(() => stays.heard.length === 3);
      expect(texts(stays.heard)).toBe('message.added reply.started reply.started');
      expect(gone.heard).toHaveLength(2);
      stays.end();
      const again = await listen(rig.reader, id);
      await open(rig, id, 2);
      await eventually(() => again.heard.length === 2);
      expect(stays.heard).toHaveLength(3);
      again.end();
    });

    test('listening first and reading then misses nothing', async () => {
      const id = newConversationId();
      const draft = fresh(await open(rig, id, 1));
      const writing = (async () => {
        for (const n of upTo(200)) fresh(await rig.writers[1].append(draft, [delta(1, 1, n, `${n}`)]));
      })();
      for (let joined = 0; joined < 10; joined++) {
        const { heard, end } = await listen(rig.reader, id);
        const caughtUp = (await all(rig, id, draft)) ?? [];
        await eventually(() => heard.length > 0 || caughtUp.length === 202);
        const merged = [...caughtUp, ...heard.filter(({ position }) => position.seq > caughtUp.length)];
        expect(seqs(merged)).toEqual(upTo(merged.length));
        end();
      }
      await writing;
    });

    test('a server that died and came back empty shows a gap, no log, and is listened to again', async () => {
      const id = newConversationId();
      const { heard, gaps, end } = await listen(rig.reader, id);
      const before = fresh(await open(rig, id, 1));
      await eventually(() => heard.length === 2);
      await rig.restartEmpty();
      await eventually(() => gaps.count > 0);
      expect(await rig.reader.head(id)).toBeNull();
      expect(await all(rig, id, before)).toBeNull();
      expect(await rig.writers[0].append(before, [delta(1, 1, 0, 'late')])).toBe('stale');
      const after = fresh(await open(rig, id, 1));
      await eventually(() => heard.length === 4);
      expect(heard.at(-1)?.position).toEqual({ generation: after.generation, seq: 2 });
      end();
    });
  });
};
