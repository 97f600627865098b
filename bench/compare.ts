import { type Block, type Crowd, cpuPerTurn, joined, measure, openCrowd } from './blocks.ts';
import type { Driver } from './driver.ts';
import { type Rig, VARIANTS, type Variant } from './rig.ts';
import { countTasks, type Tasks } from './tasks.ts';

const CONVERSATIONS = 40;
/** Turns of each conversation in one block: a block is 200 turns, some seconds. */
const BLOCK = 5;
/**
 * Not measured: 960 turns of each variant in conversations of their own, until compilers and caches are warm, and the first two
 * turns of those that are measured, which open them.
 */
const WARM = { crowds: 2, turns: 12 };
const OPENING = 2;
/** Blocks that the same conversations take, turns 3 to 12: a long one has summaries made, which only this engine does. */
const BLOCKS = 2;

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
  for (const variant of VARIANTS) {
    say(`warming up ${variant}`);
    for (let crowd = 0; crowd < WARM.crowds; crowd += 1) await (await open(variant)).talk(WARM.turns);
  }
  const blocks: Record<Variant, Block[]> = { ours: [], stepPerActivity: [], oneActivity: [] };
  const crowds: Record<Variant, Crowd[]> = { ours: [], stepPerActivity: [], oneActivity: [] };
  const rounds = Math.ceil(turns / (CONVERSATIONS * BLOCK));
  for (let round = 0; round < rounds; round += 1) {
    for (let at = 0; at < VARIANTS.length; at += 1) {
      const variant = VARIANTS[(round + at) % VARIANTS.length] ?? 'ours';
      if (round % BLOCKS === 0) {
        const crowd = await open(variant);
        await crowd.talk(OPENING);
        crowds[variant].push(crowd);
      }
      const crowd = crowds[variant].at(-1);
      if (!crowd) throw new Error('a crowd opens in the first round');
      const block = await measure(rig, crowd, BLOCK);
      blocks[variant].push(block);
      say(`round ${round + 1} of ${rounds}: ${variant} ${cpuPerTurn(block).toFixed(1)} ms`);
    }
  }
  const measured = async (variant: Variant): Promise<Measured> => {
    const ids = crowds[variant].flatMap((crowd) => crowd.ids);
    const taken = ids.length * OPENING + CONVERSATIONS * BLOCK * rounds;
    return {
      whole: joined(blocks[variant]),
      blocks: blocks[variant],
      tasks: await countTasks(driver.client, ids, taken),
    };
  };
  return {
    ours: await measured('ours'),
    stepPerActivity: await measured('stepPerActivity'),
    oneActivity: await measured('oneActivity'),
  };
};
