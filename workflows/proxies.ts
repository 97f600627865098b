import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { Turn } from '../activities/turn.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import { assistantQueue } from '../contracts/names.ts';
import { type TurnTime, timeLeft } from '../contracts/turn-time.ts';

// Every time-out, retry and task queue of the conversation, on one screen.

const left = (turn: TurnTime) => timeLeft(turn, Date.now());

/** A call that is given less than this is not worth its begin, milliseconds. */
const LEAST_MS = 1_000;

/** Whether there is time for another call of the model. */
export const hasTime = (turn: TurnTime): boolean => left(turn).forReply >= LEAST_MS;

/** The longest reply that a model at 20 tokens a second writes in 900 tokens; its own time-outs notice a silent one earlier. */
const LONGEST_REPLY_MS = 45_000;

/** The fast path: part of the workflow task, no queue, no retry of its own. */
export const fast = (turn: TurnTime) =>
  proxyLocalActivities<Activities>({
    startToCloseTimeout: Math.max(Math.min(left(turn).forReply, LONGEST_REPLY_MS), LEAST_MS),
    retry: { maximumAttempts: 1 },
  });

/** Fixed sentences: at once, and rather late than never, since nothing comes after them. */
export const telling = proxyLocalActivities<Activities>({
  startToCloseTimeout: '45 seconds',
  retry: { maximumAttempts: 1 },
});

/** Bookkeeping next to the turn: quick, and repeated while Postgres is away, as long as a customer waits in silence. */
export const bookkeeping = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '15 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

/** More than the longest time-out that a playbook may give a tool (30 s). */
const LONGEST_TOOL_MS = 35_000;

/** What the gate needs besides the tool, milliseconds: a tool that had no time left is still answered for. */
const GATE_MS = 3_000;

/** A call through the gate, and what reads. The activity itself sees to it that a tool takes no more than is left. */
export const gate = (turn: TurnTime) => {
  const most = Math.min(Math.max(left(turn).forTools, 0) + GATE_MS, LONGEST_TOOL_MS);
  return proxyLocalActivities<Activities>({
    startToCloseTimeout: most,
    scheduleToCloseTimeout: most,
    retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
  });
};

/** Customers who wait come before everything that nobody waits for; among them each customer gets an equal part. */
const LIVE = 1;
const BACKGROUND = 5;

/**
 * The slow path: the model's own queue, where Temporal waits, retries and shows what it does. One attempt may take all of the
 * time: most of it it waits for its place at the model, and says so every second.
 */
export const queued = ({ turn, owner, ...time }: TurnTime & Pick<Turn, 'turn' | 'owner'>, cause: string) =>
  proxyActivities<Activities>({
    taskQueue: assistantQueue,
    summary: `turn ${turn}: again, because the ${cause} was away`,
    scheduleToCloseTimeout: Math.max(left(time).forReply, LEAST_MS),
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
    priority: { priorityKey: LIVE, fairnessKey: fingerprint(owner) },
  });

/** An effect that has less than this would only become unknown: it is not begun. Milliseconds. */
const LEAST_EFFECT_MS = 2_000;

export const hasTimeForEffect = (turn: TurnTime): boolean => left(turn).forTools >= LEAST_EFFECT_MS;

/**
 * One effect on another system. A worker that dies over it is noticed by its missing heartbeat; whoever comes after asks under
 * the same key. 40 s is more than the longest time-out that a playbook may give a tool.
 */
export const effectOf = ({ turn, ...time }: TurnTime & Pick<Turn, 'turn'>, of: { turn: number; call: number }) =>
  proxyActivities<Activities>({
    summary: `turn ${turn}: effect ${of.turn}.${of.call}`,
    scheduleToCloseTimeout: Math.max(left(time).forTools, LEAST_EFFECT_MS),
    startToCloseTimeout: '40 seconds',
    heartbeatTimeout: '5 seconds',
    retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '5 seconds' },
  });

/** What nobody waits for, after all that somebody does; a summary that fails is made with the next one. */
export const background = (summary: string) =>
  proxyActivities<Activities>({
    taskQueue: assistantQueue,
    summary,
    scheduleToCloseTimeout: '5 minutes',
    startToCloseTimeout: '2 minutes',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '2 seconds', backoffCoefficient: 2, maximumAttempts: 5 },
    priority: { priorityKey: BACKGROUND, fairnessKey: 'summaries' },
  });

/** A draft for an agent who waits for it, and who is told when there is none. */
export const suggestion = (owner: string) =>
  proxyActivities<Activities>({
    taskQueue: assistantQueue,
    summary: 'suggest a reply to the agent',
    scheduleToCloseTimeout: '45 seconds',
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumAttempts: 3 },
    priority: { priorityKey: LIVE, fairnessKey: fingerprint(owner) },
  });

/** The end of an effect that did not come to one in time, while its customer waits. */
export const givingUp = (turn: TurnTime) =>
  proxyLocalActivities<Activities>({
    startToCloseTimeout: '10 seconds',
    scheduleToCloseTimeout: Math.max(Math.min(left(turn).forReply, 15_000), LEAST_MS),
    retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
  });

/** What must be written however long it takes: within 10 s of Postgres being back (P1). */
export const persistent = (summary: string) =>
  proxyActivities<Activities>({
    summary,
    startToCloseTimeout: '15 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 1.5, maximumInterval: '4 seconds' },
  });

/** What the company's own systems are told. After ten minutes an operator has to do it by hand. */
export const company = (summary: string) =>
  proxyActivities<Activities>({
    summary,
    scheduleToCloseTimeout: '10 minutes',
    startToCloseTimeout: '30 seconds',
    retry: { initialInterval: '1 second', backoffCoefficient: 2, maximumInterval: '1 minute' },
  });
