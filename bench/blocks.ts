import { setTimeout as pause } from 'node:timers/promises';
import type { Conversation, Driver, TurnTimes } from './driver.ts';
import { PARTS, type Rig, type Usage, type Variant } from './rig.ts';

/** A stretch of turns of one variant, with the CPU that all of it took, in milliseconds. */
export type Block = { turns: number; usage: Usage; times: TurnTimes[]; ms: number };

/** How many conversations are in a turn at the same moment: two cores are busy with it, and no queue builds up. */
const CONCURRENCY = 8;

/** After the last reply is seen, workflow tasks are still completed and connections closed; that belongs to the block. */
const SETTLE_MS = 500;

/** Several conversations of one variant, and what they ask. The same questions in the same order for every variant. */
export const openCrowd = async (driver: Driver, variant: Variant, size: number, questions: readonly string[]) => {
  const members = await Promise.all(
    Array.from({ length: size }, async (_, index) => ({ conversation: await driver.open(variant), next: index * 7 })),
  );
  const ask = (member: { conversation: Conversation; next: number }): Promise<TurnTimes> =>
    member.conversation.say(questions[member.next++ % questions.length] ?? '');

  return {
    variant,
    ids: members.map(({ conversation }) => conversation.id),

    /**
     * `turns` turns of each conversation, `CONCURRENCY` at a time. All take one before any takes its next: nobody writes again
     * in the millisecond in which the answer ends, while Temporal has still to be told that the turn is done.
     */
    async talk(turns: number): Promise<TurnTimes[]> {
      const times: TurnTimes[] = [];
      for (let turn = 0; turn < turns; turn += 1) {
        const waiting = [...members];
        const lane = async () => {
          for (let member = waiting.shift(); member; member = waiting.shift()) times.push(await ask(member));
        };
        await Promise.all(Array.from({ length: CONCURRENCY }, lane));
      }
      return times;
    },
  };
};

export type Crowd = Awaited<ReturnType<typeof openCrowd>>;

/** Talks, and measures what it took. */
export const measure = async (rig: Rig, crowd: Crowd, turns: number): Promise<Block> => {
  const before = rig.usage(crowd.variant);
  const startedAt = performance.now();
  const times = await crowd.talk(turns);
  await pause(SETTLE_MS);
  const after = rig.usage(crowd.variant);
  return {
    turns: times.length,
    usage: perPart((part) => after[part] - before[part]),
    times,
    ms: performance.now() - startedAt - SETTLE_MS,
  };
};

export const joined = (blocks: readonly Block[]): Block => ({
  turns: sum(blocks, ({ turns }) => turns),
  usage: perPart((part) => sum(blocks, ({ usage }) => usage[part])),
  times: blocks.flatMap(({ times }) => times),
  ms: sum(blocks, ({ ms }) => ms),
});

/** Milliseconds of CPU per turn, of everything but the model. */
export const cpuPerTurn = ({ usage: { model, ...counted }, turns }: Block): number =>
  sum(Object.values(counted), (ms) => ms) / turns;

const sum = <T>(items: readonly T[], of: (item: T) => number): number =>
  items.reduce((total, item) => total + of(item), 0);

const perPart = (of: (part: keyof Usage) => number): Usage => {
  const usage: Usage = { temporal: 0, worker: 0, client: 0, redis: 0, postgres: 0, model: 0 };
  for (const part of PARTS) usage[part] = of(part);
  return usage;
};
