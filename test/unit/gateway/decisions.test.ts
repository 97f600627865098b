import { beforeEach, expect, test } from '@jest/globals';
import { pino } from 'pino';
import type { ActionDecision } from '../../../contracts/actions.ts';
import type { ServerFrame } from '../../../contracts/frames.ts';
import { createDecisions } from '../../../gateway/decisions.ts';
import type { DecisionOutcome } from '../../../gateway/ports.ts';

let frames: ServerFrame[];
let handed: ActionDecision[];
let answer: () => Promise<DecisionOutcome>;
let wait: number;
let decisions: ReturnType<typeof createDecisions>;

beforeEach(() => {
  frames = [];
  handed = [];
  answer = async () => ({ kind: 'decided', decision: 'confirm' });
  wait = 0;
  decisions = createDecisions({
    conversationId: 'cnv_x',
    conversations: {
      decide(_id, decision) {
        handed.push(decision);
        return answer();
      },
    },
    link: { send: (frame) => void frames.push(frame), flushed: async () => {}, close: () => {} },
    log: pino({ level: 'silent' }),
    queued: 2,
    takeTurn: () => wait,
    onDecided: () => {},
  });
});

const decide = (n = 1) => ({
  type: 'decide' as const,
  commandId: `command-${n}`,
  action: '1.0',
  argumentsHash: 'a'.repeat(64),
  decision: 'cancel' as const,
});

test('what counts is answered, which may be an earlier decision', async () => {
  decisions.accept(decide());
  await decisions.idle();
  expect(handed).toEqual([
    { commandId: 'command-1', action: '1.0', argumentsHash: 'a'.repeat(64), decision: 'cancel' },
  ]);
  expect(frames).toEqual([{ type: 'decided', commandId: 'command-1', action: '1.0', decision: 'confirm' }]);
});

test.each([
  ['changed', 'conflict'],
  ['expired', 'expired'],
] as const)('%s is an error of its own', async (kind, code) => {
  answer = async () => ({ kind });
  decisions.accept(decide());
  await decisions.idle();
  expect(frames).toMatchObject([{ type: 'error', code, commandId: 'command-1' }]);
});

test('without Temporal the customer is asked to decide again, and nothing is claimed', async () => {
  answer = () => Promise.reject(new Error('Temporal is away'));
  decisions.accept(decide());
  await decisions.idle();
  expect(frames).toMatchObject([{ type: 'error', code: 'unavailable', commandId: 'command-1', retryAfterMs: 1_000 }]);
});

test('the same command under way is handed over once, and too many are refused', async () => {
  let go = () => {};
  const gate = new Promise<void>((resolve) => {
    go = resolve;
  });
  answer = async () => {
    await gate;
    return { kind: 'decided', decision: 'cancel' };
  };
  decisions.accept(decide());
  decisions.accept(decide());
  decisions.accept(decide(2));
  decisions.accept(decide(3));
  expect(frames).toMatchObject([{ type: 'error', code: 'rate_limited', commandId: 'command-3' }]);
  go();
  await decisions.idle();
  expect(handed).toHaveLength(2);
  wait = 700;
  decisions.accept(decide(4));
  expect(frames.at(-1)).toMatchObject({ code: 'rate_limited', retryAfterMs: 700 });
});
