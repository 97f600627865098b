import type { TurnOutcome } from '../activities/turn.ts';

type Cause = Extract<TurnOutcome, { kind: 'unavailable' }>['cause'];

/** What the workflow does not go on without. Times are epoch milliseconds. */
export type Wait =
  | { for: 'record' }
  | { for: 'customer'; since: number; until: number; warned: boolean }
  | { for: Cause; until: number }
  | { for: 'nothing' };

/** How a conversation stands, in numbers only: whoever may look at the namespace may read this. */
export type Standing = {
  turns: number;
  waiting: number;
  unrecorded: number;
  /** Actions that somebody has to say yes or no to. */
  actions: { customer: number; people: number };
};

/**
 * The current details of a conversation in Temporal's UI, as Markdown: first what it waits for, then how it stands. Absolute
 * times, since nobody computes them anew while nothing happens.
 */
export const details = (wait: Wait, { turns, waiting, unrecorded, actions }: Standing): string =>
  [
    sentenceOf(wait),
    '',
    `- turns taken: ${turns}`,
    ...(waiting > 0 ? [`- messages that no turn has taken yet: ${waiting}`] : []),
    ...(actions.customer > 0 ? [`- actions that the customer has to confirm: ${actions.customer}`] : []),
    ...(actions.people > 0 ? [`- **actions that wait for approval: ${actions.people}** (\`duradesk approvals\`)`] : []),
    ...(unrecorded > 0 ? [`- turns to be recorded when Postgres is back: ${unrecorded}`] : []),
  ].join('\n');

const sentenceOf = (wait: Wait): string => {
  switch (wait.for) {
    case 'record':
      return '**Waits for Postgres** to write the record.';
    case 'customer':
      return wait.warned
        ? `**Waits for the customer**, silent since ${at(wait.since)} and warned. Ends at ${at(wait.until)}.`
        : `**Waits for the customer**, silent since ${at(wait.since)}. Warns at ${at(wait.until)}.`;
    case 'model':
    case 'store':
    case 'stream':
      return `**Waits for ${ABSENT[wait.for]}** in the queue \`assistant\`, until ${at(wait.until)} at most.`;
    case 'nothing':
      return '**Resolved**: nobody said anything for long enough.';
  }
};

const ABSENT = { model: 'the model', store: 'Postgres', stream: 'Redis' } as const satisfies Record<Cause, string>;

const at = (time: number): string => `${new Date(time).toISOString().slice(0, 19)}Z`;
