import { z } from 'zod';
import { source } from './events.ts';

/** What an agent is given with a conversation besides its transcript, so that the customer is never asked twice. */
export const handoffContext = z.object({
  reason: z.string(),
  language: z.string().nullable(),
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
});

export type HandoffContext = z.infer<typeof handoffContext>;
