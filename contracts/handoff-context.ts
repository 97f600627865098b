import { z } from 'zod';
import { source } from './events.ts';

/** What an agent is given with a conversation besides its transcript, so that the customer is never asked twice. */
export const handoffContext = z.object({
  reason: z.string(),
  language: z.string().nullable(),
  /** What was said, in short, as a model wrote it last; `null` where nobody has, since the conversation is short. */
  summary: z.string().nullable(),
  /** What the customer wants, as understood last; `title` is the playbook's. */
  intent: z.object({ name: z.string(), title: z.string() }).nullable(),
  /** Of the customer's last message, -1 (furious) to 1 (delighted). */
  sentiment: z.number().nullable(),
  urgent: z.boolean(),
  /** What the customer said of themselves, what they were promised, and what the playbook picks out of messages, oldest first. */
  facts: z.array(z.object({ name: z.string(), value: z.string() })),
  /** Turns of the assistant's, and how each ended: what was tried. */
  tried: z.array(z.object({ turn: z.int(), end: z.string().nullable(), sources: z.array(source) })),
  toolCalls: z.array(
    z.object({
      turn: z.int(),
      call: z.int(),
      name: z.string(),
      arguments: z.string(),
      result: z.string().nullable(),
      ok: z.boolean().nullable(),
    }),
  ),
  /** The company's record of a signed-in customer. */
  customer: z
    .object({
      id: z.string(),
      name: z.string().nullable(),
      email: z.string().nullable(),
      language: z.string().nullable(),
      tier: z.string().nullable(),
      facts: z.record(z.string(), z.unknown()),
    })
    .nullable(),
  /** The newest first. */
  earlierConversations: z.array(
    z.object({ id: z.string(), status: z.string(), at: z.string(), firstMessage: z.string().nullable() }),
  ),
  /** Tickets of this customer's conversations that are not solved, the newest first. */
  tickets: z.array(z.object({ system: z.string(), id: z.string(), status: z.string(), at: z.string() })),
});

export type HandoffContext = z.infer<typeof handoffContext>;
