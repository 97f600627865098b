import type { Fact } from '../../store/turns.ts';
import type { Reading } from '../reader.ts';

// What must not be lost when a conversation grows longer than a prompt, found by rules, in the five languages that the rules
// are written for. They take whole words and never guess: a fact that is missed is in the summary, a wrong one would be told back.

const POSSESSIVE = 'my|our|meine?|unsere?|mon|ma|notre|mi|nuestr[oa]|(?:o )?meu|(?:a )?minha|(?:o )?nosso|(?:a )?nossa';
const IS = 'is|are|lautet|ist|sind|est|sont|es|son|é|são';

const STATED = new RegExp(
  `(?<!\\p{L})(?:${POSSESSIVE}) ([\\p{L}][\\p{L} -]{1,30}?) (?:${IS}) ([^.!?,;\\n]{1,80})`,
  'giu',
);

const NAMED =
  /(?<!\p{L})(?:i am called|call me|ich hei(?:ß|ss)e|je m['’]appelle|me llamo|(?:me )?chamo-me|me chamo) (\p{L}[\p{L}'’-]*(?: \p{Lu}[\p{L}'’-]*){0,2})/giu;

/** What the assistant said that it or the company would do. */
const PROMISED =
  /(?:^|(?<=[.!?]\s))[^.!?\n]*(?<!\p{L})(?:(?:i|we)(?:['’]ll| will| promise)|(?:ich|wir) werden?|(?:je vais|nous allons)|(?:voy|vamos) a|(?:vou|vamos)) [^.!?\n]{3,160}[.!?]/giu;

/** A question states nothing: "is my order is late?" has no fact in it. */
const isQuestion = (text: string, end: number): boolean => /^[^.!\n]*\?/.test(text.slice(end));

const MAX_LENGTH = 4_000;
const MAX_FACTS = 10;

/** What a customer's message says of them: `{ name: 'order number', value: '1042' }`, in their words. */
export const factsOf = (message: string): Fact[] => {
  const text = message.slice(0, MAX_LENGTH);
  const stated = [...text.matchAll(STATED)]
    .filter(({ index, 0: whole }) => !isQuestion(text, index + whole.length))
    .map(([, name = '', value = '']) => ({ name: name.trim().toLowerCase(), value: value.trim() }));
  const named = [...text.matchAll(NAMED)].map(([, value = '']) => ({ name: 'name', value: value.trim() }));
  return [...named, ...stated].filter(({ value }) => value !== '').slice(0, MAX_FACTS);
};

/** What a reply promises, whole sentences. */
export const promisesOf = (reply: string): Fact[] =>
  [...reply.slice(0, MAX_LENGTH).matchAll(PROMISED)]
    .slice(0, MAX_FACTS)
    .map(([sentence]) => ({ name: 'promise', value: sentence.trim() }));

/**
 * What a turn leaves to be kept in mind: what the playbook names (order numbers), as it was found when the messages were read,
 * what they state besides, and what the reply promises.
 */
export const factsOfTurn = (
  { understanding }: Pick<Reading, 'understanding'>,
  messages: readonly { text: string }[],
  reply: string,
): Fact[] => [
  ...understanding.entities.map(({ name, value }) => ({ name: name.replaceAll('_', ' '), value })),
  ...messages.flatMap(({ text }) => factsOf(text)),
  ...promisesOf(reply),
];
