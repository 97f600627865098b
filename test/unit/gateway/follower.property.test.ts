import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { createBreakableLog } from './breakable-log.ts';
import { deltas, ended, pass, started, useFollowerRig } from './follower-rig.ts';

const rig = useFollowerRig();

const steps = {
  append: (n: number) => rig().log.append(...deltas(n)),
  turn: () => rig().log.append(started),
  end: () => rig().log.append(ended),
  flush: () => rig().log.flush(),
  trim: (n: number) => rig().log.trim(n),
  // A fail-over ends the connections, and what the old primary published is what it had.
  lose: (n: number) => {
    rig().log.lose(n);
    rig().log.interrupt();
  },
  deaf: () => {
    rig().log.faults.deaf = true;
  },
  late: (n: number) => {
    rig().log.faults.lateMs = n;
  },
  down: () => {
    rig().log.faults.down = true;
  },
  postgres: () => {
    rig().postgres.down = true;
  },
  back: () => {
    rig().log.faults = Object.assign(rig().log.faults, { deaf: false, down: false, lateMs: 0 });
    rig().postgres.down = false;
    rig().log.interrupt();
  },
};
type Step = keyof typeof steps;

test('whatever happens, the client holds a snapshot and every event after it, each once, in order', async () => {
  const step = fc.record({
    what: fc.constantFrom(...(Object.keys(steps) as Step[]), 'append' as const, 'append' as const),
    n: fc.integer({ min: 1, max: 40 }),
    wait: fc.constantFrom(0, 0, 1, 20, 700, 3_000),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), fc.boolean(), async (run, isNew) => {
      rig().log = createBreakableLog();
      rig().postgres.down = false;
      const { client, follower } = await rig().follow({ isNew });
      for (const { what, n, wait } of run) {
        steps[what](n);
        await pass(wait);
      }
      steps.back();
      await pass(5_000);
      const { position, events } = client.held();
      const { generation, seq } = rig().log.head();
      const start = client.last('snapshot')?.position?.seq ?? 0;
      // What was on its way when the log was flushed may still have arrived: then there is no log to compare it with.
      const mayHaveBeenUnderWay = generation === '' && run.some(({ what }) => what === 'late');
      if (!mayHaveBeenUnderWay) expect(position ?? { generation: '', seq: 0 }).toEqual({ generation, seq });
      // What the log still has of what was delivered is the same, and all of it was.
      const kept = rig()
        .log.entries()
        .filter((entry) => entry.position.seq > start);
      expect(events.slice(events.length - kept.length)).toEqual(kept);
      follower.stop();
    }),
    { numRuns: 300 },
  );
});
