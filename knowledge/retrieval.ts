import type { Embedder } from '../integrations/embeddings.ts';
import type { Embeddings } from '../store/embeddings.ts';
import { type FoundPassage, meaningOf, type Passages, type StoredPassage } from '../store/passages.ts';
import { leastCloseness, type Placed, rank, rankByWords } from './ranking.ts';
import { learnTopics, type Topics } from './topics.ts';
import type { Vectors } from './vectors.ts';
import { createWordIndex, type WordIndex } from './word-index.ts';

export type RetrievalDeps = {
  passages: Passages;
  embeddings: Embeddings;
  vectors: Vectors;
};

/** What a question is compared by. Without a `vector` its words alone decide. */
export type Asked = { text: string; vector: Float32Array | null };

/** `known`: something in the index is about that; `null` where it cannot be told, as with words alone. */
export type Found = { passages: FoundPassage[]; known: boolean | null };

export type Retrieval = {
  /** The best `limit` passages for a question, best first. Rejects with `StoreUnavailable`. */
  search(asked: Asked, language: string, limit: number): Promise<Found>;
  /** Resolves when the vectors of the index are there, or cannot be had. Searching need not wait for it. */
  refresh(): Promise<void>;
};

/** `placed` is `null` while there are no vectors; `topics` and `least` come after them. */
type Index = {
  version: string | null;
  passages: StoredPassage[];
  words: WordIndex;
  placed: Placed[] | null;
  topics: Topics | null;
  least: number | null;
};

/** Vectors that are made and stored at once: what is done survives a restart in the middle. */
const CHUNK = 16;

/**
 * Searches by meaning and words, exactly and in memory. Each search reads the index's version along with the question's stems, so
 * no change needs to be announced. Until a new version is in memory Postgres searches it by its words; until its vectors are
 * there, and whenever the embedder fails, words alone decide.
 */
export const createRetrieval = ({ passages, embeddings, vectors }: RetrievalDeps): Retrieval => {
  const { embedder } = vectors;
  let index: Index | undefined;
  let refreshing: Promise<void> | undefined;

  const fill = async (): Promise<void> => {
    const { version, passages: all, words } = await passages.all();
    let next: Index = {
      version,
      passages: all,
      words: createWordIndex(all, words),
      placed: null,
      topics: null,
      least: null,
    };
    index = next;
    if (embedder === null) return;
    const placed = await place(embedder, all);
    // The nearest passages are found from here on; what is learned of them all comes after.
    next = { ...next, placed };
    index = next;
    index = { ...next, topics: await learnTopics(placed), least: await leastCloseness(placed) };
    await embeddings.prune();
  };

  /** Workers that start at the same time share the work: each takes what is left in an order of its own. */
  const place = async (by: Embedder, all: readonly StoredPassage[]): Promise<Placed[]> => {
    const known = await embeddings.load(
      by.name,
      all.map(({ hash }) => hash),
    );
    const missing = new Map(all.filter(({ hash }) => !known.has(hash)).map((passage) => [passage.hash, passage]));
    for (const left = chunksOf([...missing.values()]); left.length > 0; ) {
      const [chunk = []] = left.splice(Math.floor(Math.random() * left.length), 1);
      const others = await embeddings.load(
        by.name,
        chunk.map(({ hash }) => hash),
      );
      const wanted = chunk.filter(({ hash }) => !others.has(hash));
      const made = await by.embed(wanted.map(meaningOf));
      const fresh = new Map(wanted.flatMap(({ hash }, i) => (made[i] ? [[hash, made[i]] as const] : [])));
      await embeddings.save(by.name, fresh);
      for (const [hash, vector] of [...others, ...fresh]) known.set(hash, vector);
    }
    return all.flatMap((passage) => {
      const vector = known.get(passage.hash);
      return vector ? [{ passage, vector }] : [];
    });
  };

  const refresh = (): Promise<void> => {
    refreshing ??= fill()
      .catch(vectors.failed)
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  };

  return {
    refresh,
    async search({ text, vector }, language, limit) {
      const { version, words } = await passages.read(text, language);
      const current = index?.version === version ? index : undefined;
      const isComplete = current && (embedder === null || current.placed);
      if (!isComplete && !vectors.resting()) void refresh();
      if (!current) return { passages: await passages.search(text, language, limit), known: null };
      const scores = current.words(words);
      const { placed, topics, least } = current;
      if (!placed || vector === null) return { passages: rankByWords(current.passages, scores, limit), known: null };
      const { passages: found, closeness } = rank(placed, vector, scores, topics?.(vector) ?? null, limit);
      return { passages: found, known: least === null ? null : closeness >= least };
    },
  };
};

const chunksOf = <T>(items: readonly T[]): T[][] =>
  Array.from({ length: Math.ceil(items.length / CHUNK) }, (_, i) => items.slice(i * CHUNK, (i + 1) * CHUNK));
