import { type Database, reaching } from './database.ts';

/** Every method rejects with `StoreUnavailable`. Vectors are packed as float32 in this machine's order, little endian. */
export type Embeddings = ReturnType<typeof createEmbeddings>;

export const createEmbeddings = (db: Database) => ({
  /** The vectors that are known of passages in the index, by hash. */
  async load(embedder: string): Promise<Map<string, Float32Array>> {
    const rows = await reaching(
      db
        .selectFrom('embeddings')
        .select(['hash', 'vector'])
        .where('embedder', '=', embedder)
        .where('hash', 'in', db.selectFrom('passages').select('hash'))
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

const pack = ({ buffer, byteOffset, byteLength }: Float32Array): Buffer => Buffer.from(buffer, byteOffset, byteLength);

/** Copied, since the driver's buffer may start where no float can. */
const unpack = (packed: Buffer): Float32Array => new Float32Array(Uint8Array.from(packed).buffer);
