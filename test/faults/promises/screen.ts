import type { LineOf } from '../recording.ts';
import { type Case, shorten, type Violation } from './case.ts';

/**
 * P3 and P4 on the screen: the text of an attempt only grows at its end, good text never blanks out for an attempt that has
 * said nothing yet, and at rest everybody sees what Postgres has by then.
 */
export const checkScreen = (found: Case): Violation[] => [...checkGrowth(found), ...checkRest(found)];

const checkGrowth = ({ conversation, lines }: Case): Violation[] => {
  const shown = new Map<string, LineOf<'shown'>>();
  const violations: Violation[] = [];
  for (const line of lines) {
    // A snapshot begins anew, and so does a welcome that promises one.
    if (line.type === 'snapshot') shown.delete(line.client);
    if (line.type !== 'shown') continue;
    const before = shown.get(line.client);
    shown.set(line.client, line);
    if (before?.turn !== line.turn) continue;
    const violation = (promise: string, what: string) =>
      violations.push({ promise, conversation, what: `${line.client}, turn ${line.turn}: ${what}` });
    if (before.attempt > line.attempt) violation('P4', `attempt ${line.attempt} was shown after ${before.attempt}`);
    if (before.attempt === line.attempt && !line.text.startsWith(before.text))
      violation('P3', `${shorten(before.text)} became ${shorten(line.text)}`);
    if (before.text !== '' && line.text === '') violation('P4', 'the text blanked out');
  }
  return violations;
};

const checkRest = ({ conversation, lines, evidence }: Case): Violation[] => {
  return lines.flatMap((line) => {
    if (line.type !== 'settled') return [];
    const stored = evidence.messages
      .filter(({ at }) => at <= line.at)
      .map(({ id, author, turn, text, ended }) => JSON.stringify({ id, author, turn, text, end: ended }));
    const seen = line.messages.map(({ id, author, turn, text, end = null }) =>
      JSON.stringify({ id, author, turn, text, end }),
    );
    const differing = stored.findIndex((message, at) => message !== seen[at]);
    const violation = (what: string): Violation => ({ promise: 'P3', conversation, what: `${line.client}: ${what}` });
    return [
      ...(line.replying ? [violation('still shows a reply in flight')] : []),
      ...(differing >= 0 ? [violation(`shows ${seen[differing] ?? 'nothing'} for ${stored[differing]}`)] : []),
      ...(seen.length > stored.length ? [violation(`shows ${seen[stored.length]}, which Postgres does not have`)] : []),
    ];
  });
};
