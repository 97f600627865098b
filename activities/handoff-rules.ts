import type { Playbook } from '../contracts/playbook.ts';
import type { Reading } from '../knowledge/reader.ts';

type Asking = {
  reading: Reading;
  /** As the CRM names it; `null` for a visitor, and where the playbook has no rule about tiers. */
  tier: string | null;
  /** A person is on the way already: whoever asks again is told so, and no other rule is asked. */
  waits?: true;
  /** The rule that nobody came for: it brings nobody a second time, unless the customer asks. */
  gaveUpOn?: string;
};

/** The rule of the playbook that gives a message to people before a model is asked; `null` where none does. */
export const handoffRule = ({ handoff }: Playbook, { reading, tier, waits, gaveUpOn }: Asking): string | null => {
  const { wantsPerson, sentiment, intent } = reading.understanding;
  if (handoff.askedForPerson && wantsPerson) return 'asked';
  if (waits) return null;
  const rules = [
    intent?.intent && handoff.intents.includes(intent.intent) ? `intent:${intent.intent}` : null,
    handoff.sentimentBelow !== undefined && sentiment < handoff.sentimentBelow ? 'sentiment' : null,
    tier !== null && handoff.tiers.includes(tier) ? 'tier' : null,
  ];
  return rules.find((rule) => rule !== null && rule !== gaveUpOn) ?? null;
};
