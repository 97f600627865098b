import { Text } from '@mantine/core';
import type { ConversationView } from '../../../contracts/console.ts';
import { wordsOf } from '../argument-form.ts';
import { FactList, Section } from '../parts/section.tsx';

const shown = (value: unknown): string =>
  typeof value === 'string'
    ? value
    : typeof value === 'object' && value !== null
      ? JSON.stringify(value)
      : String(value);

/** What the customer gave, and what the company's own record says. */
export const Facts = ({ shown: { handoff } }: { shown: ConversationView }) => {
  if (!handoff) return null;
  const { facts, customer } = handoff.context;
  const record = customer
    ? [
        { label: 'Id', value: customer.id },
        ...(customer.email ? [{ label: 'E-mail', value: customer.email }] : []),
        ...(customer.tier ? [{ label: 'Tier', value: customer.tier }] : []),
        ...Object.entries(customer.facts).map(([name, value]) => ({ label: wordsOf(name), value: shown(value) })),
      ]
    : [];
  return (
    <>
      {facts.length > 0 && (
        <Section title="The customer said">
          <FactList facts={facts.map(({ name, value }) => ({ label: wordsOf(name), value }))} />
        </Section>
      )}
      <Section title="Your records">
        {record.length > 0 ? (
          <FactList facts={record} />
        ) : (
          <Text size="sm" c="dimmed">
            A visitor who is not signed in, or not in the CRM.
          </Text>
        )}
      </Section>
    </>
  );
};
