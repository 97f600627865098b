import type { Evidence } from './evidence.ts';
import { checkAcknowledged } from './promises/acknowledged.ts';
import type { Allowances, Violation } from './promises/case.ts';
import { checkContinuity } from './promises/continuity.ts';
import { checkEffects } from './promises/effects.ts';
import { checkEnding } from './promises/ending.ts';
import { checkOnce } from './promises/once.ts';
import { checkScreen } from './promises/screen.ts';
import { checkStream } from './promises/stream.ts';
import { checkTools } from './promises/tools.ts';
import type { Line } from './recording.ts';

const NONE = /(?!)/;
const ALLOWED: Required<Allowances> = { deliveryMs: 5_000, turnMs: 60_000, failures: NONE };

/**
 * Holds every promise that can be judged from outside against the lines of a run and what the desk itself recorded. Pure:
 * the same lines give the same violations, on any machine, at any time.
 */
export const check = (
  lines: readonly Line[],
  evidence: readonly Evidence[],
  allowances: Allowances = {},
): Violation[] =>
  evidence.flatMap((one) => {
    const { conversation } = one;
    const names = new Set(
      lines.flatMap((line) =>
        'client' in line && 'conversation' in line && line.conversation === conversation ? line.client : [],
      ),
    );
    const own = lines.filter((line) =>
      'client' in line ? names.has(line.client) : line.type === 'outside' && line.conversation === conversation,
    );
    const found = { ...ALLOWED, ...allowances, conversation, lines: own, evidence: one };
    return [
      ...checkAcknowledged(found),
      ...checkOnce(found),
      ...checkStream(found),
      ...checkScreen(found),
      ...checkContinuity(found),
      ...checkEnding(found),
      ...checkTools(found),
      ...checkEffects(found),
    ];
  });
