import type { Source } from '../contracts/events.ts';
import type { Passage } from '../store/passages.ts';

/** An answer rests on a passage when it shares this many of the answer's content words. */
const SHARED = 0.4;

/** Words shorter than this carry no content in the languages served (articles, prepositions). */
const CONTENT = 4;

const words = (text: string): Set<string> =>
  new Set(
    text
      .toLowerCase()
      .split(/[^\p{L}\p{N}]+/u)
      .filter((word) => word.length >= CONTENT || /\d/.test(word)),
  );

/**
 * The articles that an answer rests on, best first, each once: those whose passages hold at least `SHARED` of the
 * answer's content words. Judged from the words rather than asked of the model, which cites what it was given whether or
 * not it used it.
 */
export const sourcesOf = (answer: string, passages: readonly Passage[]): Source[] => {
  const said = words(answer);
  if (said.size === 0) return [];
  const best = new Map<string, { share: number; source: Source }>();
  for (const { article, title, heading, url, text } of passages) {
    const known = words(`${title} ${heading} ${text}`);
    const share = [...said].filter((word) => known.has(word)).length / said.size;
    if (share >= SHARED && share > (best.get(article)?.share ?? 0))
      best.set(article, { share, source: url ? { title, url } : { title } });
  }
  return [...best.values()].sort((a, b) => b.share - a.share).map(({ source }) => source);
};
