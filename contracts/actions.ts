import { z } from 'zod';
import { clientMessageId } from './ids.ts';
import { isStorable } from './text.ts';

// An action is an effect that somebody has to agree to before it happens: first the customer, then, above the playbook's
// limit, people. Its id is the turn and the call in which the assistant asked for it.

export const actionId = z.string().regex(/^\d{1,9}\.\d{1,3}$/);

/** SHA-256 over the tool and its arguments without the injected ones, hexadecimal: a yes counts for these and no others. */
export const argumentsHash = z.string().regex(/^[0-9a-f]{64}$/);

/** How an effect stands; `docs/tools.md` draws the ways between them. */
export const effectState = z.enum([
  'proposed',
  'awaiting_approval',
  'intended',
  'done',
  'failed',
  'unknown',
  'cancelled',
  'denied',
  'expired',
  'undone',
]);

/** An action as its customer sees it. Titles and labels are in the customer's language. */
export const action = z.object({
  id: actionId,
  turn: z.int().min(1),
  title: z.string(),
  arguments: z.array(z.object({ label: z.string(), value: z.string() })),
  argumentsHash,
  state: effectState,
  /** Until when the customer may decide, or people, while it waits for one of them. */
  expiresAt: z.iso.datetime().optional(),
});

/** What a customer says to a card. `commandId` is chosen by the sender and repeated on every resend. */
export const actionDecision = z.strictObject({
  commandId: clientMessageId,
  action: actionId,
  argumentsHash,
  decision: z.enum(['confirm', 'cancel']),
});

/** What a person says to an action that waits for approval. No tool and no customer's frame reaches the update that takes it. */
export const approvalDecision = z.strictObject({
  action: actionId,
  argumentsHash,
  decision: z.enum(['approve', 'deny']),
  /** Who decides, as audited. Two approvers are two of these. */
  by: z.string().trim().min(1).max(128).refine(isStorable),
  reason: z.string().max(2_000).refine(isStorable).exactOptional(),
  /** Other arguments than the assistant's, as JSON: checked like the assistant's own, and all approvals start anew. */
  arguments: z.string().max(16_384).refine(isStorable).exactOptional(),
});

export type ActionId = z.infer<typeof actionId>;
export type EffectState = z.infer<typeof effectState>;
export type Action = z.infer<typeof action>;
export type ActionDecision = z.infer<typeof actionDecision>;
export type ApprovalDecision = z.infer<typeof approvalDecision>;

/** What came of a customer's decision: the one that counts, which may be an earlier one. */
export type Decided = { action: ActionId; decision: ActionDecision['decision'] };

/** What came of a person's decision, and how many people have approved of these arguments so far. */
export type ApprovalTaken = {
  action: ActionId;
  state: 'approved' | 'denied' | 'waiting' | 'checking';
  approvals: number;
};
