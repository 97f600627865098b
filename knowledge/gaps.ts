import { cosine } from '../integrations/embeddings.ts';
import type { Unanswered } from '../store/gaps.ts';
import { canonical, gistOf } from './answer-cache/canonical.ts';
import type { Vectors } from './vectors.ts';

/** Questions that want the same article. `question` is how it was asked last; `asked` counts all. */
export type Gap = { question: string; asked: number; intent: string | null; language: string | null; lastAt: Date };

/** How close two questions come that one article would answer: a wrong pair costs a glance, so it need not be certain. */
const ALIKE = 0.6;

type Group = Gap & { gist: string; vector: Float32Array | null };

/**
 * Groups what could not be answered, the most asked first: by meaning where there are embeddings, else what has the same content
 * words.
 */
export const groupGaps = async (unanswered: readonly Unanswered[], vectors: Vectors): Promise<Gap[]> => {
  const groups: Group[] = [];
  for (const { question, intent, language, at } of unanswered) {
    const vector = await vectors.of(question);
    const gist = gistOf(canonical(question));
    const isAlike = (group: Group) =>
      group.gist === gist || (vector && group.vector && cosine(vector, group.vector) >= ALIKE);
    const group = groups.find(isAlike);
    if (group) group.asked += 1;
    else groups.push({ question, asked: 1, intent, language, lastAt: at, gist, vector });
  }
  return groups
    .sort((a, b) => b.asked - a.asked || b.lastAt.getTime() - a.lastAt.getTime())
    .map(({ gist: _gist, vector: _vector, ...gap }) => gap);
};
