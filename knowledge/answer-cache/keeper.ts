import type { Message } from '../../contracts/events.ts';
import type { LoadedPlaybook } from '../../contracts/playbook.ts';
import type { AnswerLookup, CachedAnswer, NewAnswer } from '../../store/answers.ts';
import type { FoundPassage } from '../../store/passages.ts';
import type { Fact } from '../../store/turns.ts';
import type { Reading } from '../reader.ts';
import { findMatch, questionOf } from './match.ts';
import { asksAfter, opensConversation, shareKey } from './shareable.ts';

/** A reply that was made from articles alone: besides them its prompt held the question and nothing of the customer's. */
type Made = { text: string; sources: NewAnswer['sources']; passages: readonly FoundPassage[] };

export type AnswerKeeper = ReturnType<typeof createAnswerKeeper>;

/** @param embedder the name of the one whose vectors readings carry, `null` for none */
export const createAnswerKeeper = ({ playbook, settings }: LoadedPlaybook, embedder: string | null) => ({
  /** What to look up for a question, or `null` where an answer of somebody else is no answer to it. */
  lookup(reading: Reading, asker: { signedIn: boolean; language: string | undefined }): AnswerLookup | null {
    const key = shareKey(playbook, reading, asker);
    return key && { ...key, settings, embedder, keepMs: playbook.answerCache?.keep ?? 0 };
  },

  /** Whether, after what was said before and in earlier conversations, the question is the one that it reads as. */
  standsAlone: ({ text }: Reading, history: readonly Message[], facts: readonly Fact[]): boolean =>
    opensConversation(history) && !asksAfter(text, facts),

  /** The kept answer that may be served, if one of the candidates is. */
  choose(reading: Reading, candidates: readonly CachedAnswer[]): CachedAnswer | null {
    const entries = candidates.map((answer) => ({ answer, question: questionOf(answer.question, answer.vector) }));
    return findMatch(questionOf(reading.text, reading.vector), entries)?.found.answer ?? null;
  },

  /** The answer as it is kept, or `null` for one that no article stands behind. */
  toKeep(
    lookup: AnswerLookup,
    { text: question, vector }: Reading,
    { text, sources, passages }: Made,
  ): NewAnswer | null {
    if (sources.length === 0) return null;
    return { ...lookup, question, vector, text, sources, passages: [...new Set(passages.map(({ hash }) => hash))] };
  },
});
