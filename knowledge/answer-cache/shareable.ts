import type { Message } from '../../contracts/events.ts';
import type { Playbook } from '../../contracts/playbook.ts';
import type { AnswerKey } from '../../store/answers.ts';
import type { Fact } from '../../store/turns.ts';
import type { Reading } from '../reader.ts';
import type { Understanding } from '../understanding/index.ts';
import { canonical, gistOf, normalise } from './canonical.ts';

/** Who asks, and in what: `signedIn`, and the language that the customer's browser names. */
type Asker = { signedIn: boolean; language: string | undefined };

/** Longer messages tell a story, and stories differ. UTF-16 code units. */
const MAX_LENGTH = 300;

/** Fewer content words than this are a topic and no question. */
const LEAST_WORDS = 2;

/** Whoever is angrier than this gets an answer of their own. */
const LEAST_SENTIMENT = -0.3;

/**
 * The key under which a question's answer may be kept for others and served to them, or `null` where it may not. It must be
 * nobody's own affair: no intent that the playbook calls personal or leaves to people, no entity, no address or number of
 * somebody, nothing about oneself, nothing about today. Where the intent cannot be told, no question can be cleared of being
 * personal.
 */
export const shareKey = (
  { answerCache, assistant, intents, handoff }: Playbook,
  { text, understanding }: Pick<Reading, 'text' | 'understanding'>,
  { signedIn, language: wanted }: Asker,
): AnswerKey | null => {
  if (!answerCache || text.length > MAX_LENGTH) return null;
  const { language, sentiment, urgent, entities } = understanding;
  if (sentiment < LEAST_SENTIMENT || urgent || entities.length > 0 || PERSONAL.test(text)) return null;
  const anyPersonal = intents.some(({ personal }) => personal) || handoff.intents.length > 0;
  if (anyPersonal && (understanding.intent === null || isPersonal({ intents, handoff }, understanding))) return null;
  const words = canonical(text);
  const gist = gistOf(words);
  if (gist.split(' ').filter(Boolean).length < LEAST_WORDS) return null;
  return {
    audience: signedIn ? 'customer' : 'visitor',
    // The prompt names the language of the browser too, and the reply may follow it.
    language: `${language} ${wanted ?? assistant.defaultLanguage}`,
    intent: understanding.intent?.intent ?? '',
    exact: normalise(text),
    gist,
  };
};

/** About the customer's own affairs, which no article knows; judged by the likeliest intent, also where none is likely. */
export const isPersonal = (
  { intents, handoff }: Pick<Playbook, 'intents' | 'handoff'>,
  { intent }: Pick<Understanding, 'intent'>,
): boolean => {
  const best = intents.find(({ name }) => name === intent?.best);
  return best !== undefined && (best.personal || handoff.intents.includes(best.name));
};

/**
 * Nothing that was said before can have changed what is meant: the customer has only said hello. A sentence that reads alike
 * may mean another thing later on ("How long does it take?"), so nothing else counts.
 */
export const opensConversation = (history: readonly Message[]): boolean =>
  history.every(({ author, text }) => author === 'assistant' || canonical(text).length === 0);

/** It names something that this customer once said of themselves ("my shoe size"), so they are told what others are not. */
export const asksAfter = (text: string, facts: readonly Fact[]): boolean => {
  const words = new Set(canonical(text));
  return facts.some(({ name }) => {
    const named = canonical(name);
    return named.length > 0 && named.every((word) => words.has(word));
  });
};

/**
 * Somebody's address or number (an `@`, four digits in a row, seven in all), and what people say of themselves, in the
 * languages that are served out of the box. Rather too much than too little: it only costs a model call.
 */
const PERSONAL = new RegExp(
  [
    '@|\\d[\\s.-]?\\d[\\s.-]?\\d[\\s.-]?\\d|(?:\\d\\D*){7}',
    ...[
      'my name',
      "i'm",
      'i am',
      'i was',
      "i've",
      'i have',
      'i had',
      'i ordered',
      'i bought',
      'i paid',
      'i returned',
      'my order',
    ],
    ...['ich bin', 'ich hei(?:ss|ß)e', 'mein name', 'ich habe', 'meine bestellung'],
    ...['je suis', "je m'appelle", 'mon nom', "j'ai", 'ma commande'],
    ...['soy', 'me llamo', 'mi nombre', 'estoy', 'tengo', 'he (?:pedido|comprado|pagado)', 'mi pedido'],
    ...['sou', 'chamo-me', 'meu nome', 'estou', 'tenho', 'encomendei', 'comprei', 'minha encomenda'],
  ]
    .map((part, i) => (i === 0 ? part : `(?<![\\p{L}])${part}(?![\\p{L}])`))
    .join('|'),
  'iu',
);
