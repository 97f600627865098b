import type { Selectable } from 'kysely';
import type { Action, EffectState } from '../contracts/actions.ts';
import type { Schema } from './schema.ts';

/** The call that asked for it, as recorded in history. */
export type EffectId = { conversationId: string; turn: number; call: number };

export type Effect = EffectId & {
  /** The same call for the outside world. */
  key: string;
  subject: string;
  tool: string;
  /** Without the injected ones. */
  arguments: Record<string, unknown>;
  argumentsHash: string;
  /** What it is about, where its tool has an amount. */
  amount: number | null;
  state: EffectState;
  card: Pick<Action, 'title' | 'arguments'> | null;
  /** How many people have to agree. */
  approvers: number;
  expiresAt: Date | null;
  /** When its provider was last called, unless that call was surely not sent. */
  attemptedAt: Date | null;
  result: string | null;
  undoUntil: Date | null;
  undoes: { turn: number; call: number } | null;
  /** How often somebody came back to see what became of it. */
  looks: number;
  /** The turn in which its customer heard of its end, if it had been unknown. */
  toldTurn: number | null;
};

/** Longer than any turn may last (contracts/playbook.ts): by then whoever had an effect has lost it. */
export const ABANDONED_MS = 11 * 60_000;

/** States that count against a limit: whatever was, is being or may still be done. */
export const COUNTED = ['proposed', 'awaiting_approval', 'intended', 'done', 'unknown', 'undone'] as const;

/** States in which somebody still has to say yes. */
export const OPEN = ['proposed', 'awaiting_approval'] as const;

export const toEffect = (row: Selectable<Schema['effects']>): Effect => ({
  conversationId: row.conversation_id,
  turn: row.turn,
  call: row.call,
  key: row.key,
  subject: row.subject,
  tool: row.tool,
  arguments: row.arguments,
  argumentsHash: row.arguments_hash,
  amount: row.amount === null ? null : Number(row.amount),
  state: row.state,
  card: row.card,
  approvers: row.approvers,
  expiresAt: row.expires_at,
  attemptedAt: row.attempted_at,
  result: row.result,
  undoUntil: row.undo_until,
  undoes:
    row.undoes_turn === null || row.undoes_call === null ? null : { turn: row.undoes_turn, call: row.undoes_call },
  looks: row.looks,
  toldTurn: row.told_turn,
});
