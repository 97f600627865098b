import { wordsOf } from '../argument-form.ts';

/** The playbook's handoff rules, and what the workflow adds. */
const REASONS: Record<string, string> = {
  askedForPerson: 'Asked for a person',
  personWanted: 'Asked for a person',
  sentimentBelow: 'Upset',
  sentiment: 'Upset',
  repeatedFailure: 'The assistant failed repeatedly',
  repeatedlyUnanswered: 'The assistant found no answer',
  intents: 'Always for people',
  intent: 'Always for people',
  tiers: 'Customer of a special tier',
  tier: 'Customer of a special tier',
  valueAbove: 'High value',
  transfer: 'Transferred',
};

/** A reason of the playbook's or the workflow's, in words. */
export const reasonWords = (reason: string): string =>
  /\s/.test(reason) ? reason : (REASONS[reason] ?? wordsOf(reason));
