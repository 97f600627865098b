import { type Block, type Crowd, cpuPerTurn, joined, measure, openCrowd } from './blocks.ts';
import type { Driver } from './driver.ts';
import { type Rig, VARIANTS, type Variant } from './rig.ts';
import { countTasks, type Tasks } from './tasks.ts';

const CONVERSATIONS = 40;
/** Turns of each conversation in one block: a block is 200 turns, some seconds. */
const BLOCK = 5;
/**
 * Not measured: compilers and caches are warm after 480 turns of each variant, in conversations of their own, so that those that
 * are measured are not long ones, and after the first two turns of these, which open them.
 */
const WARM = 12;
const OPENING = 2;

export type Measured = { whole: Block; blocks: Block[]; tasks: Tasks };
export type Comparison = Record<Variant, Measured>;

/**
 * At least `turns` turns of each variant. Blocks of all three alternate, and who begins changes, so that whatever else the
 * machine does meets all of them alike.
 */
export const compare = async (
  rig: Rig,
  driver: Driver,
  questions: readonly string[],
  turns: number,
  say: (line: string) => void,
): Promise<Comparison> => {
  const open = (variant: Variant) => openCrowd(driver, variant, CONVERSATIONS, questions);
  const warmed = async (variant: Variant): Promise<Crowd> => {
    say(`warming up ${variant}`);
    await (await open(variant)).talk(WARM);
    const crowd = await open(variant);
    await crowd.talk(OPENING);
    return crowd;
  };
  const crowds = {
    ours: await warmed('ours'),
    stepPerActivity: await warmed('stepPerActivity'),
    oneActivity: await warmed('oneActivity'),
  };
  const blocks: Record<Variant, Block[]> = { ours: [], stepPerActivity: [], oneActivity: [] };
  const rounds = Math.ceil(turns / (CONVERSATIONS * BLOCK));
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < VARIANTS.length; at += 1) {
      const variant = VARIANTS[(round + at) % VARIANTS.length] ?? 'ours';
      const block = await measure(rig, crowds[variant], BLOCK);
      blocks[variant].push(block);
      say(`round ${round + 1} of ${rounds}: ${variant} ${cpuPerTurn(block).toFixed(1)} ms`);
    }
  }
  const taken = CONVERSATIONS * (OPENING + rounds * BLOCK);
  const measured = async (crowd: Crowd): Promise<Measured> => ({
    whole: joined(blocks[crowd.variant]),
    blocks: blocks[crowd.variant],
    tasks: await countTasks(driver.client, crowd.ids, taken),
  });
  return {
    ours: await measured(crowds.ours),
    stepPerActivity: await measured(crowds.stepPerActivity),
    oneActivity: await measured(crowds.oneActivity),
  };
};
