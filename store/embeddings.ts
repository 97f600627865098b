import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';
import { pack, unpack } from './packed-vector.ts';

/** Every method rejects with `StoreUnavailable`. */
export type Embeddings = ReturnType<typeof createEmbeddings>;

export const createEmbeddings = (db: Database) => ({
  /** The vectors that are known of these contents, by hash. */
  async load(embedder: string, hashes: readonly string[]): Promise<Map<string, Float32Array>> {
    const rows = await reaching(
      db
        .selectFrom('embeddings')
        .select(['hash', 'vector'])
        .where('embedder', '=', embedder)
        .where('hash', '=', sql<string>`any(${hashes}::text[])`)
        .execute(),
    );
    return new Map(rows.map(({ hash, vector }) => [hash, unpack(vector)]));
  },

  async save(embedder: string, vectors: ReadonlyMap<string, Float32Array>): Promise<void> {
    const values = [...vectors].map(([hash, vector]) => ({ embedder, hash, vector: pack(vector) }));
    if (values.length === 0) return;
    await reaching(
      db
        .insertInto('embeddings')
        .values(values)
        .onConflict((conflict) => conflict.doNothing())
        .execute(),
    );
  },

  /** Forgets vectors of passages that are gone, also those of other embedders. */
  async prune(): Promise<void> {
    await reaching(
      db.deleteFrom('embeddings').where('hash', 'not in', db.selectFrom('passages').select('hash')).execute(),
    );
  },
});
