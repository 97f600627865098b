import { describe } from '@jest/globals';
import { describeFence } from './fence.ts';
import { describeInterleavings } from './interleavings.ts';
import { describeLive } from './live.ts';
import { describeResuming } from './resuming.ts';
import type { CreateRig } from './rig.ts';

/** What both ends of every event log must do, whatever it is made of. `numRuns` random interleavings are tried. */
export const describeEventLog = (name: string, createRig: CreateRig, { numRuns }: { numRuns: number }): void => {
  describe(`event log, ${name}`, () => {
    describeFence(createRig);
    describeResuming(createRig);
    describeLive(createRig);
    describeInterleavings(createRig, { numRuns });
  });
};
