import { wordsOf } from '../argument-form.ts';

/** The rules of the playbook, and what else brings a conversation to people (`activities/handoff-rules.ts`, `workflows/ownership.ts`). */
const REASONS: Record<string, string> = {
  asked: 'Asked for a person',
  button: 'Asked for a person',
  assistant: 'The assistant asked for help',
  sentiment: 'Upset',
  tier: 'Customer of a special tier',
  value: 'High value',
  repeatedFailure: 'The assistant failed repeatedly',
  repeatedlyUnanswered: 'The assistant found no answer',
  transfer: 'Transferred',
  sla: 'Waited too long',
};

/** A reason in words; `intent:complaint` is a matter that the playbook leaves to people. */
export const reasonWords = (reason: string): string =>
  reason.startsWith('intent:')
    ? `For people: ${wordsOf(reason.slice('intent:'.length)).toLowerCase()}`
    : (REASONS[reason] ?? wordsOf(reason));
