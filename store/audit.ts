import { type Database, reaching, type Transaction } from './database.ts';

/** `subject` is the id of what it was done to; `detail` holds ids and reasons, never text of a conversation. */
export type AuditEntry = { actor: string; action: string; subject: string; detail: Record<string, unknown> };

export type Audit = ReturnType<typeof createAudit>;

export const createAudit = (db: Database) => ({
  /** Rejects with `StoreUnavailable`: what cannot be recorded must not be done. */
  async record(entry: AuditEntry): Promise<void> {
    await reaching(recordIn(db, entry));
  },
});

/** The same as part of a transaction: what is undone with it leaves no row. */
export const recordIn = async (tx: Database | Transaction, { detail, ...entry }: AuditEntry): Promise<void> => {
  await tx
    .insertInto('audit')
    .values({ ...entry, detail: JSON.stringify(detail) })
    .execute();
};
