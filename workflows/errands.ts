import { continueAsNew, proxyActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';

/** Six events each: a run ends far below what a history may hold. */
const SHIFTS = 500;

/** A shift lasts 50 s, and says every 2 s that it lives: one whose worker died is taken over within 10 s. */
const { runErrands } = proxyActivities<Activities>({
  startToCloseTimeout: '80 seconds',
  heartbeatTimeout: '8 seconds',
  retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '10 seconds' },
});

/** One for the whole desk. What there is to do, and how far it is, lies in Postgres; this only sees to it that somebody does it. */
export async function errands(): Promise<void> {
  for (let shift = 0; shift < SHIFTS; shift += 1) await runErrands();
  await continueAsNew<typeof errands>();
}
