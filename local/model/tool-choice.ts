import { type Filled, fillArguments, valueFromReply } from './arguments.ts';
import { ACTIONS } from './lexicon.ts';
import type { Phrasebook } from './phrases/phrasebook.ts';
import { plain } from './plain.ts';
import type { Reading } from './prompt.ts';
import type { Tool } from './request.ts';
import { type Words, wordsOf } from './words.ts';

/** A tool that fits what was said. `score` compares with a passage's: above 1 only for what the customer's own data answers. */
export type Choice = Filled & { tool: Tool; score: number };

/** Below this a tool has nothing to do with the message. */
const ENOUGH = 0.5;

/** A long message is judged by this many of its words. */
const LONGEST = 4;

/** The tool that fits the message best, with the arguments that could be found. Tools that hand over to a person never do. */
export const chooseTool = (reading: Reading): Choice | undefined => {
  const { message, exchanges } = reading;
  const earlier = exchanges.map(({ customer }) => customer).toReversed();
  const topic = topicOf(message, earlier);
  const refersBack = topic.inherited || BACK.test(plain(message));
  const choices = reading.tools
    .filter((tool) => !isHandoff(tool))
    .map((tool): Choice => {
      const filled = fillArguments(tool, message, refersBack ? earlier.slice(0, 4) : []);
      return { ...filled, tool, score: fitness(tool, topic.words, message, filled) };
    })
    .filter(({ score }) => score >= ENOUGH)
    .sort((a, b) => b.score - a.score);
  const [best] = choices;
  if (!best || best.missing.length === 0) return best;
  // A list of the customer's orders is a better answer than asking for a number they may not have at hand.
  const list = choices.find(({ missing, score }) => missing.length === 0 && best.score - score <= NEARLY);
  return list ? { ...list, score: best.score } : best;
};

const NEARLY = 0.6;

/** Words that point at something said before. */
const BACK =
  /\b(it|its|that|this|them|same|sie|es|das|diese[rnms]?|elle|il|celle|ca|eso|esa|ese|lo|ele|ela|isso|essa|esse)\b/;

/** Openings of a message that goes on from the one before. */
const FOLLOW_UP = /^(and|what about|how about|und|wie (ist|sieht) es mit|et|y|e)\b/;

/** What a message is about; a bare number or a follow-up takes its words from what was said before it. */
const topicOf = (message: string, earlier: readonly string[]): { words: Words; inherited: boolean } => {
  const own = wordsOf(message);
  if (own.size > 0 && !FOLLOW_UP.test(plain(message).trim())) return { words: own, inherited: false };
  const before = earlier
    .slice(0, 3)
    .map(wordsOf)
    .find(({ size }) => size > 0);
  return { words: before ? new Set([...own, ...before]) : own, inherited: before !== undefined };
};

const MINE = /\b(my|mine|mein\w*|mon|ma|mes|mi|mis|meus?|minhas?)\b/;

/** Asks about the shop in general rather than about the customer's own things. */
const GENERAL =
  /\b(how (do|can|long|much|many)|can i|do you|what is your|what's your|policy|wie (kann|lange|viel)|kann (ich|man)|gibt es|comment|puis-je|est-ce que je peux|combien|como|cuanto|puedo|quanto|posso)\b/;

/** Asks for something to be done, so that a question in return is no surprise. */
const WANT =
  /\b(i want|i need|i would like|i'd like|i wish|please|can you|could you|ich mochte|ich will|ich brauche|bitte|je veux|je voudrais|j'aimerais|quiero|quisiera|necesito|quero|preciso|gostaria)\b/;

const fitness = (tool: Tool, words: Words, message: string, { specific, missing }: Filled): number => {
  const name = wordsOf(tool.name.replace(/([a-z])([A-Z])/g, '$1 $2').replaceAll('_', ' '));
  const about = wordsOf(tool.description.replace(RETURNS, ' '));
  const does = new Set([...name, ...[...about].slice(0, VERB_AND_OBJECT)]);
  let shared = 0;
  for (const word of words)
    if (name.has(word)) shared += ACTIONS.has(word) ? 1.5 : 1;
    else if (about.has(word)) shared += 0.5;
  const overlap = Math.min(1, shared / Math.max(1, Math.min(words.size, LONGEST)));
  const text = plain(message);
  const own = specific ? 0.5 : 0;
  const personal = overlap > 0 && MINE.test(text) ? 0.3 : 0;
  const general = !specific && GENERAL.test(text) ? 0.3 : 0;
  const asksBack = missing.length > 0 && !MINE.test(text) && !WANT.test(text) ? 0.3 : 0;
  const actions = [...words].filter((word) => ACTIONS.has(word));
  const unserved = actions.some((word) => !does.has(word));
  // Whoever asks when their refund comes does not want another one.
  const onlyAsked = missing.length > 0 && actions.length > 0 && QUESTION.test(text.trim());
  return (overlap + own + personal - general - asksBack) * (unserved || onlyAsked ? 0.35 : 1);
};

/** Asks how things stand. */
const QUESTION =
  /^(when|where|why|has|have|is|was|were|will|did|wann|wo|warum|ist|hat|wurde|quand|ou|pourquoi|cuando|donde|por que|ha|quando|onde|porque)\b/;

/** What a tool does is in its name or in the first words of its description; further on, actions are only mentioned. */
const VERB_AND_OBJECT = 3;

/** What a tool gives back is no return of goods. */
const RETURNS = /\breturns?\s+(?=(the|its?|an?|all|every|one|each|their|status|order)\b)/gi;

/** Whether a tool brings a person into the conversation. */
export const isHandoff = ({ name, description }: Tool): boolean =>
  /hand_?(off|over)|escalat|(human|person|agent)s?$|^(transfer|talk)_to/i.test(name) ||
  /\b(to|with) a (human|person|colleague)\b|\bhuman agent\b/i.test(description);

/**
 * Where the assistant asked for an argument and this message gives it: the tool that was meant, with everything said in
 * answer to its questions.
 */
export const answeredQuestion = (reading: Reading, { asked }: Phrasebook): Choice | undefined => {
  const { exchanges, message } = reading;
  const start = exchanges.findLastIndex(({ assistant }) => !asked.test(assistant)) + 1;
  const [first, ...replies] = exchanges.slice(start);
  if (!first) return undefined;
  const choice = chooseTool({ ...reading, message: first.customer, exchanges: exchanges.slice(0, start) });
  if (!choice) return undefined;
  for (const reply of [...replies.map(({ customer }) => customer), message]) {
    const [wanted, ...others] = choice.missing;
    const parameter = wanted === undefined ? undefined : choice.tool.parameters.properties[wanted];
    if (wanted === undefined || parameter === undefined) return undefined;
    const value = valueFromReply(wanted, parameter, reply);
    if (value === undefined) return undefined;
    choice.values[wanted] = value;
    choice.missing = others;
  }
  return choice;
};
