import { z } from 'zod';

/** What a sender tells us of: only that something changed. What it says of the change itself is never believed. */
export type Change =
  | { kind: 'customer'; customerId: string }
  /** `recordId` is the CRM's own. */
  | { kind: 'record'; recordId: string }
  /** `system` is the adapter whose id it is. */
  | { kind: 'ticket'; system: string; ticketId: string };

const id = z.union([z.string().min(1).max(200), z.int().transform(String)]);

/** Our own form, for the company's backend and for systems that cannot sign, like Salesforce behind a flow of theirs. */
const company = z.discriminatedUnion('type', [
  z
    .object({ type: z.literal('customer.changed'), customerId: z.string().min(1).max(200) })
    .transform(({ customerId }): Change => ({ kind: 'customer', customerId })),
  z
    .object({
      type: z.literal('ticket.changed'),
      system: z.enum(['built-in', 'zendesk', 'salesforce', 'jira']),
      ticketId: id,
    })
    .transform(({ system, ticketId }): Change => ({ kind: 'ticket', system, ticketId })),
]);

/** A webhook of a trigger, whose body the admin writes, or one that subscribes to events. */
const zendesk = z
  .union([
    z.object({ ticket_id: id }).transform((body) => body.ticket_id),
    z
      .object({ type: z.string().startsWith('zen:event-type:ticket.'), detail: z.object({ id }) })
      .transform((body) => body.detail.id),
  ])
  .transform((ticketId): Change => ({ kind: 'ticket', system: 'zendesk', ticketId }));

const jira = z
  .object({ issue: z.object({ key: z.string().min(1).max(100) }) })
  .transform(({ issue }): Change => ({ kind: 'ticket', system: 'jira', ticketId: issue.key }));

const hubspot = z
  .object({ objectId: id })
  .transform(({ objectId }): Change => ({ kind: 'record', recordId: objectId }));

const one = <S extends z.ZodType<Change>>(shape: S) => shape.transform((change) => [change]);

export const changesIn = {
  company: one(company),
  zendesk: one(zendesk),
  jira: one(jira),
  hubspot: z.array(hubspot).max(1_000),
} as const satisfies Record<string, z.ZodType<Change[]>>;

export type Source = keyof typeof changesIn;
