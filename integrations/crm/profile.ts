import { language } from '../../contracts/conversation.ts';
import { outgoingLine } from '../outgoing-text.ts';
import { capped, visible } from '../untrusted-text.ts';
import type { Profile } from './crm.ts';

/** What a prompt can bear of one customer: at most 20 facts of 500 bytes. */
const MAX_FACTS = 20;
const MAX_FACT_BYTES = 500;
const MAX_LINE = 200;

/** Names of a CRM's fields. `customerId` is the one that holds the company's own id of a customer, and is unique. */
export type ProfileFields = { customerId: string; language?: string; tier?: string; facts: readonly string[] };

type Raw = {
  id: string;
  name: unknown;
  email: unknown;
  language: unknown;
  tier: unknown;
  facts: Record<string, unknown>;
};

/** A profile out of whatever a CRM holds: others write into these fields, and a model reads them. */
export const toProfile = ({ id, name, email, language: spoken, tier, facts }: Raw): Profile => ({
  id,
  name: toLine(name),
  email: toLine(email),
  language: toLanguage(spoken),
  tier: toLine(tier),
  facts: Object.fromEntries(
    Object.entries(facts)
      .filter(([, value]) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '')
      .slice(0, MAX_FACTS)
      .map(([field, value]) => [field, capped(visible(String(value)), MAX_FACT_BYTES)]),
  ),
});

const toLine = (value: unknown): string | null =>
  typeof value === 'string' ? outgoingLine(value, MAX_LINE) || null : null;

/** CRMs write `de-de`, `pt_BR` or `German`; what is no language tag is dropped. */
const toLanguage = (value: unknown): string | null => {
  if (typeof value !== 'string') return null;
  const [code = '', region] = value.trim().split(/[-_]/);
  const tag = region?.length === 2 ? `${code.toLowerCase()}-${region.toUpperCase()}` : code.toLowerCase();
  return language.safeParse(tag).success ? tag : null;
};
