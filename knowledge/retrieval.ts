import type { Embedder } from '../integrations/embeddings.ts';
import type { Embeddings } from '../store/embeddings.ts';
import { type FoundPassage, meaningOf, type Passages } from '../store/passages.ts';
import { leastCloseness, type Placed, rank } from './ranking.ts';
import { learnTopics, type Topics } from './topics.ts';
import type { Vectors } from './vectors.ts';

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

type Index = { version: string | null; placed: Placed[]; topics: Topics | null; least: number | null };

/** Vectors that are made and stored at once: what is done survives a restart in the middle. */
const CHUNK = 16;

/**
 * Searches by meaning and words, exactly and in memory. Each search reads the index's version along with the matching
 * words, so no change needs to be announced; until the vectors of a new version are there, and whenever the embedder fails,
 * words alone decide.
 */
export const createRetrieval = ({ passages, embeddings, vectors }: RetrievalDeps): Retrieval => {
  const { embedder } = vectors;
  let index: Index | undefined;
  let refreshing: Promise<void> | undefined;

  const fill = async (by: Embedder): Promise<void> => {
    const { version, passages: all } = await passages.all();
    const known = await embeddings.load(by.name);
    const missing = new Map(all.filter(({ hash }) => !known.has(hash)).map((passage) => [passage.hash, passage]));
    const wanted = [...missing.values()];
    for (let at = 0; at < wanted.length; at += CHUNK) {
      const chunk = wanted.slice(at, at + CHUNK);
      const made = await by.embed(chunk.map(meaningOf));
      const fresh = new Map(chunk.flatMap(({ hash }, i) => (made[i] ? [[hash, made[i]] as const] : [])));
      await embeddings.save(by.name, fresh);
      for (const [hash, vector] of fresh) known.set(hash, vector);
    }
    const placed = all.flatMap((passage) => {
      const vector = known.get(passage.hash);
      return vector ? [{ passage, vector }] : [];
    });
    // The nearest passages are found from here on; what is learned of them all comes after.
    index = { version, placed, topics: null, least: null };
    index = { version, placed, topics: await learnTopics(placed), least: await leastCloseness(placed) };
    await embeddings.prune();
  };

  const refresh = (): Promise<void> => {
    if (embedder === null) return Promise.resolve();
    refreshing ??= fill(embedder)
      .catch(vectors.failed)
      .finally(() => {
        refreshing = undefined;
      });
    return refreshing;
  };

  const byWords = async (question: string, language: string, limit: number): Promise<Found> => ({
    passages: await passages.search(question, language, limit),
    known: null,
  });

  return {
    refresh,
    async search({ text, vector }, language, limit) {
      if (embedder === null || vector === null) return byWords(text, language, limit);
      const { version, matches } = await passages.match(text, language);
      if (index?.version === version) {
        const { passages: found, closeness } = rank(index.placed, vector, matches, index.topics?.(vector) ?? null);
        return { passages: found.slice(0, limit), known: index.least === null ? null : closeness >= index.least };
      }
      if (!vectors.resting()) void refresh();
      return byWords(text, language, limit);
    },
  };
};
