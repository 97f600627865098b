import { type Block, type Crowd, joined, measure, openCrowd } from './blocks.ts';
import type { Driver } from './driver.ts';
import type { Rig } from './rig.ts';

const GROUPS = 3;
const CONVERSATIONS = 12;
const LAST = 200;
/** Turns at both ends of a conversation that are measured. */
const STRETCH = 10;

/** `first` without the turn that opens the conversation. */
export type LongRun = { opening: Block; first: Block; last: Block };

/**
 * Whether a turn costs the same after 200 of them. Groups of conversations follow one another so that the first turns of one
 * are measured right beside the last turns of the one before: what else the machine does meets both alike.
 */
export const runLong = async (
  rig: Rig,
  driver: Driver,
  questions: readonly string[],
  say: (line: string) => void,
): Promise<LongRun> => {
  const open = () => openCrowd(driver, 'ours', CONVERSATIONS, questions);
  await (await open()).talk(3 * STRETCH);
  const stretches: Record<keyof LongRun, Block[]> = { opening: [], first: [], last: [] };
  let before: Crowd | undefined;
  for (let group = 1; group <= GROUPS + 1; group += 1) {
    say(`group ${group} of ${GROUPS + 1}`);
    const crowd = await open();
    stretches.opening.push(await measure(rig, crowd, 1));
    stretches.first.push(await measure(rig, crowd, STRETCH - 1));
    if (before) stretches.last.push(await measure(rig, before, STRETCH));
    if (group <= GROUPS) await crowd.talk(LAST - 2 * STRETCH);
    before = crowd;
  }
  return { opening: joined(stretches.opening), first: joined(stretches.first), last: joined(stretches.last) };
};
