import { plain } from './plain.ts';
import type { Reading } from './prompt.ts';
import { wordsOf } from './words.ts';

const NAME_SAID =
  /(?:\bmy name is|\bi am called|\bcall me|\bmein name ist|\bich hei(?:ß|ss)e|\bje m['’]appelle|\bmon nom est|\bme llamo|\bmi nombre es|\bchamo-me|\bme chamo|\bo meu nome é|\bmeu nome é)\s+(\p{L}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,2})/iu;

const FACT_SAID =
  /\b(?:my|meine?|mon|ma|mi|o meu|a minha|meu|minha) ([\p{L}][\p{L} -]{1,30}?) (?:is|ist|lautet|est|es|é) ([^.!?\n]{1,80})/giu;

const FACT_ASKED =
  /\b(?:what(?:'s| is| was)|tell me|remember|wie (?:ist|war|lautet)|was ist|quel(?:le)? (?:est|etait)|cual (?:es|era)|qual (?:e|era)) (?:my|meine?|mon|ma|mi|o meu|a minha|meu|minha) ([\p{L}][\p{L} -]{1,30}?)\s*[?.!]*$/u;

const NAME_ASKED =
  /\b(?:who am i|do you (?:know|remember) my name|wie hei(?:ss)e ich|comment je m'appelle|comment est-ce que je m'appelle|como me llamo|como me chamo)\b/;

/** The name that a message introduces its writer by. */
export const introducedName = (message: string): string | undefined => NAME_SAID.exec(message)?.[1];

/** What a message asks to be told again of what the customer said earlier: a name, an address, a number. */
export const askedFact = (message: string): string | undefined => {
  const text = plain(message).trim();
  return NAME_ASKED.test(text) ? 'name' : FACT_ASKED.exec(text)?.[1];
};

/** Looks a fact up in what the customer said, newest first, then in the facts of the instructions. */
export const recall = ({ exchanges, facts }: Reading, what: string): string | undefined => {
  const wanted = wordsOf(what);
  if (wanted.size === 0) return undefined;
  const matches = (key: string) => {
    const words = wordsOf(key);
    return [...wanted].every((word) => words.has(word));
  };
  for (const { customer } of exchanges.toReversed()) {
    const name = wanted.has('name') ? introducedName(customer) : undefined;
    const said = name ?? [...customer.matchAll(FACT_SAID)].findLast(([, key = '']) => matches(key))?.[2];
    if (said) return said.trim();
  }
  return [...facts].find(([key]) => matches(key) && !/assistant|company/i.test(key))?.[1];
};
