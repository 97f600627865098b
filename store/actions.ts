import { sql } from 'kysely';
import { actionIdOf, callOf } from '../contracts/action-ids.ts';
import type { Action } from '../contracts/actions.ts';
import { type Database, reaching } from './database.ts';
import { OPEN, toEffect } from './effect.ts';

/** As many as a client is shown of one conversation. */
const SHOWN = 50;

/** An action that waits for people, as they need to see it. */
export type WaitingAction = Action & {
  conversationId: string;
  tool: string;
  given: Record<string, unknown>;
  approvers: number;
  approvedBy: string[];
};

/** Actions as customers and people see them. Every method rejects with `StoreUnavailable`. */
export type Actions = ReturnType<typeof createActions>;

export const createActions = (db: Database) => ({
  /** The newest of a conversation, oldest first; or only those of `ids`. One whose time is over shows as expired. */
  async cards(conversationId: string, ids?: readonly string[]): Promise<Action[]> {
    const rows = await reaching(
      db
        .selectFrom('effects')
        .selectAll()
        .where('conversation_id', '=', conversationId)
        .where('card', 'is not', null)
        .$if(ids !== undefined, (query) =>
          query.where(({ eb, or }) =>
            or((ids ?? []).map(callOf).map(({ turn, call }) => eb('turn', '=', turn).and('call', '=', call))),
          ),
        )
        .orderBy('turn', 'desc')
        .orderBy('call', 'desc')
        .limit(SHOWN)
        .execute(),
    );
    return rows.map(toAction).reverse();
  },

  /** What waits for people now, the most urgent first. */
  async waiting(): Promise<WaitingAction[]> {
    const rows = await reaching(
      db
        .selectFrom('effects')
        .selectAll()
        .select(
          sql<string[]>`array(select by from approvals a where a.conversation_id = effects.conversation_id
            and a.turn = effects.turn and a.call = effects.call and a.arguments_hash = effects.arguments_hash
            order by at)`.as('approved_by'),
        )
        .where('state', '=', 'awaiting_approval')
        .where('expires_at', '>', sql<Date>`now()`)
        .orderBy('expires_at')
        .execute(),
    );
    return rows.map((row) => ({
      ...toAction(row),
      conversationId: row.conversation_id,
      tool: row.tool,
      given: row.arguments,
      approvers: row.approvers,
      approvedBy: row.approved_by,
    }));
  },
});

export const toAction = (row: Parameters<typeof toEffect>[0]): Action => {
  const { turn, call, card, argumentsHash, state, expiresAt } = toEffect(row);
  const isOpen = OPEN.some((open) => open === state);
  const isOver = isOpen && expiresAt !== null && expiresAt.getTime() <= Date.now();
  return {
    id: actionIdOf({ turn, call }),
    turn,
    title: card?.title ?? '',
    arguments: card?.arguments ?? [],
    argumentsHash,
    state: isOver ? 'expired' : state,
    ...(isOpen && expiresAt && { expiresAt: expiresAt.toISOString() }),
  };
};
