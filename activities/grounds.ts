import type { Source } from '../contracts/events.ts';
import type { Playbook } from '../contracts/playbook.ts';
import { canonical } from '../knowledge/answer-cache/canonical.ts';
import { isPersonal } from '../knowledge/answer-cache/shareable.ts';
import type { Reading } from '../knowledge/reader.ts';
import type { Found } from '../knowledge/retrieval.ts';
import type { Grounds, Step } from '../store/turns.ts';

/** Fewer content words are small talk. */
const LEAST_WORDS = 2;

/** Thanks and praise want no answer, unless they ask something. */
const DELIGHTED = 0.5;

/**
 * What a reply of the model's rests on, judged from what was found and said rather than asked of the model. Unanswered is a
 * question that no tool helped with and that nothing in the articles is about, or whose reply says nothing that the articles
 * say: the model admitted that it does not know, or made something up. Articles cannot answer what is the customer's own
 * affair, so that is no gap in them.
 */
export const groundsOf = (
  { assistant, intents, handoff }: Playbook,
  { text, understanding }: Reading,
  { known }: Pick<Found, 'known'>,
  steps: readonly Step[],
  sources: readonly Source[],
): Pick<Grounds, 'restsOn' | 'unanswered'> => {
  if (steps.some(({ ok }) => ok === true)) return { restsOn: 'tools', unanswered: false };
  const restsOn = sources.length > 0 ? 'articles' : 'nothing';
  const asks = canonical(text).length >= LEAST_WORDS && (understanding.sentiment < DELIGHTED || /[?？]/u.test(text));
  if (!asks || isPersonal({ intents, handoff }, understanding)) return { restsOn, unanswered: false };
  // Words of a reply in one language are found in no article of another.
  const comparable = understanding.language === assistant.defaultLanguage.slice(0, 2);
  return { restsOn, unanswered: known === false || (comparable && restsOn === 'nothing') };
};
