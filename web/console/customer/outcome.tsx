import type { ConversationView } from '../../../contracts/console.ts';
import { wordsOf } from '../argument-form.ts';
import { FactList, Section } from '../parts/section.tsx';

const OUTCOMES: Record<string, string> = {
  assistant: 'Solved by the assistant',
  agent: 'Solved by an agent',
  abandoned: 'The customer left',
  ticketed: 'Goes on in a ticket',
};

/** How it ended, and what the customer thought of it. */
export const Outcome = ({ outcome, rating }: Pick<ConversationView, 'outcome' | 'rating'>) => {
  if (!outcome && !rating) return null;
  const facts = [
    ...(outcome ? [{ label: 'Outcome', value: OUTCOMES[outcome.outcome] ?? wordsOf(outcome.outcome) }] : []),
    ...(outcome?.reason ? [{ label: 'Note', value: outcome.reason }] : []),
    ...(rating ? [{ label: 'Rating', value: `${rating.score} of 5` }] : []),
    ...(rating?.comment ? [{ label: 'Comment', value: rating.comment }] : []),
  ];
  return (
    <Section title="How it ended">
      <FactList facts={facts} />
    </Section>
  );
};
