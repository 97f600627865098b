import { cosine } from '../../integrations/embeddings.ts';
import { type Canonical, canonical, normalise } from './canonical.ts';
import { FREE, UNORDERED } from './wording.ts';

/** A question as the cache compares it. `vector` is `null` where there are no embeddings: then only exact matches count. */
export type CachedQuestion = { exact: string; canonical: Canonical; vector: Float32Array | null };

export const questionOf = (text: string, vector: Float32Array | null): CachedQuestion => ({
  exact: normalise(text),
  canonical: canonical(text),
  vector,
});

/** Least cosine where the words are the same, and where one or two free words differ. */
const ALIKE = 0.8;
const ALIKE_BUT_FREE = 0.9;
const MOST_FREE = 2;

/**
 * Whether the answer to one question may be served to another. Embeddings alone are not to be trusted with it (cosine
 * ≥ 0.95 is wrong one time in seven on question-pairs): every number, name and negation must be in both, content words in
 * the same order ("refund from card to PayPal"), and only free words may differ. Symmetric.
 */
export const matchOf = (a: CachedQuestion, b: CachedQuestion): 'exact' | 'near' | null => {
  if (a.exact === b.exact) return 'exact';
  if (a.vector === null || b.vector === null || a.canonical.length === 0) return null;
  const differing = [...without(a.canonical, b.canonical), ...without(b.canonical, a.canonical)];
  if (differing.length > MOST_FREE || !differing.every((word) => FREE.has(word))) return null;
  if (!sameOrder(a.canonical, b.canonical)) return null;
  return cosine(a.vector, b.vector) >= (differing.length > 0 ? ALIKE_BUT_FREE : ALIKE) ? 'near' : null;
};

/** The best of `candidates` for a question: an exact match, else the nearest of the near ones. */
export const findMatch = <T extends { question: CachedQuestion }>(
  asked: CachedQuestion,
  candidates: readonly T[],
): { found: T; match: 'exact' | 'near' } | null => {
  const closeness = ({ question: { vector } }: T) => (asked.vector && vector ? cosine(asked.vector, vector) : -1);
  const [best] = candidates
    .flatMap((found) => {
      const match = matchOf(asked, found.question);
      return match ? [{ found, match, rank: match === 'exact' ? 2 : closeness(found) }] : [];
    })
    .sort((x, y) => y.rank - x.rank);
  return best ? { found: best.found, match: best.match } : null;
};

/** Words of `a` that `b` lacks, counting how often. */
const without = (a: Canonical, b: Canonical): string[] => {
  const left = [...b];
  return a.filter((word) => {
    const at = left.indexOf(word);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
};

/** A difference between two things is the same either way round. */
const symmetric = (words: Canonical): boolean => words.includes('difference') && words.includes('between');

const sameOrder = (a: Canonical, b: Canonical): boolean => {
  const ordered = (words: Canonical) => words.filter((word) => !UNORDERED.has(word)).join(' ');
  return ordered(a) === ordered(b) || (symmetric(a) && symmetric(b));
};
