import { setImmediate as breathe } from 'node:timers/promises';
import { cosine } from '../integrations/embeddings.ts';
import type { FoundPassage, StoredPassage } from '../store/passages.ts';
import type { WordScores } from './word-index.ts';

/** An embedded passage, or an embedded way to ask for its article. */
export type Placed = { passage: StoredPassage; vector: Float32Array };

/** `closeness` is the best cosine to anything in the index: how near the question comes to what is known at all. */
export type Ranked = { passages: FoundPassage[]; closeness: number };

/**
 * What a point of BM25 is worth beside a cosine. Chosen on the sample company's own ways to ask, each left out in turn: of
 * 0.01, 0.015, 0.02 and 0.03 it finds the most (docs/decisions/2026-11-24-articles-say-how-they-are-asked-for.md).
 */
const WORD_WEIGHT = 0.02;

/**
 * What a unit of the topic's log probability is worth beside a cosine. With a quarter of the sample company's ways to ask held back
 * at a time, 0.1 finds 0.750 of them at the first place, 0.05 and 0.2 find 0.740 and 0.743, and without it it is 0.684 (words left out).
 */
const TOPIC_WEIGHT = 0.1;

/** Share of the ways to ask that may be taken for something unknown. */
const MISSED = 0.02;

/** How many of the ways to ask are looked at for that. Each is compared with all, 0.8 ms with 1,093 vectors. */
const SAMPLED = 100;

/**
 * Ranks passages by meaning and words, each by its own, by the best way to ask for its article, and by how likely the article is:
 * 1,093 vectors in 1.5 ms, 9,837 in 14 ms. Where an article names no such way, its best passage stands in for it, so that it is at
 * no disadvantage.
 *
 * @param likely the log probability of each article, by its slug
 */
export const rank = (
  index: readonly Placed[],
  vector: Float32Array,
  words: WordScores,
  likely: ReadonlyMap<string, number> | null,
  limit: number,
): Ranked => {
  const scored = index.map(({ passage, vector: other }) => ({
    passage,
    meaning: cosine(vector, other),
    words: words.get(passage) ?? 0,
  }));
  const asked = bestOf(scored.filter(({ passage }) => passage.asked));
  const told = bestOf(scored.filter(({ passage }) => !passage.asked));
  const article = new Map(
    [...told, ...asked].map(([slug, { meaning, words }]) => [
      slug,
      meaning + WORD_WEIGHT * words + TOPIC_WEIGHT * (likely?.get(slug) ?? 0),
    ]),
  );
  return {
    closeness: scored.reduce((best, { meaning }) => Math.max(best, meaning), -1),
    passages: best(
      scored
        .filter(({ passage }) => !passage.asked)
        .map(({ passage, meaning, words }) => ({
          passage,
          score: meaning + WORD_WEIGHT * words + (article.get(passage.article) ?? 0),
        })),
      limit,
    ),
  };
};

/**
 * Ranks passages by words alone: each by its own and by those of the best way to ask for its article.
 *
 * @param index the order of those that match equally well
 */
export const rankByWords = (index: readonly StoredPassage[], words: WordScores, limit: number): FoundPassage[] => {
  const asked = new Map<string, number>();
  for (const [passage, score] of words)
    if (passage.asked) asked.set(passage.article, Math.max(asked.get(passage.article) ?? 0, score));
  const matching = index.filter((passage) => !passage.asked && (words.has(passage) || asked.has(passage.article)));
  return best(
    matching.map((passage) => ({ passage, score: (words.get(passage) ?? 0) + (asked.get(passage.article) ?? 0) })),
    limit,
  );
};

const best = (scored: { passage: StoredPassage; score: number }[], limit: number): FoundPassage[] =>
  scored
    .sort((a, b) => b.score - a.score)
    .slice(0, limit)
    .map(({ passage: { article, title, heading, url, text, hash } }) => ({ article, title, heading, url, text, hash }));

type Best = { meaning: number; words: number };

/** The best of each kind within an article, though they may be of two passages. */
const bestOf = (scored: readonly (Best & { passage: StoredPassage })[]): Map<string, Best> => {
  const best = new Map<string, Best>();
  for (const { passage, meaning, words } of scored) {
    const before = best.get(passage.article) ?? { meaning: -1, words: 0 };
    best.set(passage.article, { meaning: Math.max(before.meaning, meaning), words: Math.max(before.words, words) });
  }
  return best;
};

/**
 * How close to something in the index a question must come for it to count as known: as close as 98 % of the ways to ask do,
 * each left out itself. No constant would do, since embedders differ in what they call close. `null` where too few ways to ask
 * are named.
 */
export const leastCloseness = async (index: readonly Placed[]): Promise<number | null> => {
  const asked = index.filter(({ passage }) => passage.asked);
  if (asked.length < SAMPLED / 2) return null;
  const stride = Math.ceil(asked.length / SAMPLED);
  const closeness: number[] = [];
  for (const one of asked.filter((_, i) => i % stride === 0)) {
    await breathe();
    const others = index.filter((other) => other !== one);
    closeness.push(others.reduce((best, { vector }) => Math.max(best, cosine(one.vector, vector)), -1));
  }
  return closeness.sort((a, b) => a - b)[Math.floor(MISSED * closeness.length)] ?? null;
};
