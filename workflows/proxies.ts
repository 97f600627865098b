import { proxyActivities, proxyLocalActivities } from '@temporalio/workflow';
import type { Activities } from '../activities/index.ts';
import type { Turn } from '../activities/turn.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import { assistantQueue } from '../contracts/names.ts';

// Every time-out, retry and task queue of the conversation, on one screen.

/** What is kept of a turn's time for telling the customer that it failed, milliseconds. */
const TELLING_MS = 5_000;

/**
 * The fast path: part of the workflow task, no queue, no retry of its own. 45 s is the longest reply that a model at
 * 20 tokens a second writes in 900 tokens; the model's own time-outs notice a silent one much earlier.
 */
export const fast = proxyLocalActivities<Activities>({
  startToCloseTimeout: '45 seconds',
  retry: { maximumAttempts: 1 },
});

/** Bookkeeping next to the turn: quick, and repeated while Postgres is away, as long as a customer waits in silence. */
export const bookkeeping = proxyLocalActivities<Activities>({
  startToCloseTimeout: '10 seconds',
  scheduleToCloseTimeout: '15 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

/** A call through the gate, and what reads. 35 s is more than the longest time-out that a playbook may give a tool. */
export const gate = proxyLocalActivities<Activities>({
  startToCloseTimeout: '35 seconds',
  scheduleToCloseTimeout: '40 seconds',
  retry: { initialInterval: '200 milliseconds', backoffCoefficient: 2, maximumInterval: '2 seconds' },
});

/** Customers who wait come before everything that nobody waits for; among them each customer gets an equal part. */
const LIVE = 1;
const BACKGROUND = 5;

/**
 * The slow path: the model's own queue, where Temporal waits, retries and shows what it does. One attempt may take all of the
 * time: most of it it waits for its place at the model, and says so every second.
 */
export const queued = ({ turn, owner, deadline }: Pick<Turn, 'turn' | 'owner' | 'deadline'>, cause: string) =>
  proxyActivities<Activities>({
    taskQueue: assistantQueue,
    summary: `turn ${turn}: again, because the ${cause} was away`,
    scheduleToCloseTimeout: Math.max(deadline - Date.now() - TELLING_MS, 1_000),
    heartbeatTimeout: '10 seconds',
    retry: { initialInterval: '500 milliseconds', backoffCoefficient: 2, maximumInterval: '10 seconds' },
    priority: { priorityKey: LIVE, fairnessKey: fingerprint(owner) },
  });

/** What is kept of a turn's time for the reply that says how its effect went, milliseconds. */
const WORDING_MS = 15_000;

/**
 * One effect on another system. A worker that dies over it is noticed by its missing heartbeat; whoever comes after asks under
 * the same key. 40 s is more than the longest time-out that a playbook may give a tool.
 */
export const effectOf = ({ turn, deadline }: Pick<Turn, 'turn' | 'deadline'>, of: { turn: number; call: number }) =>
  proxyActivities<Activities>({
    summary: `turn ${turn}: effect ${of.turn}.${of.call}`,
    scheduleToCloseTimeout: Math.max(deadline - Date.now() - TELLING_MS - WORDING_MS, 15_000),
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
