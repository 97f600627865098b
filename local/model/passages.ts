import { ACTIONS } from './lexicon.ts';
import type { Article } from './prompt.ts';
import { type Words, wordsOf } from './words.ts';

/** The sentences of one article that answer best. `score` is the share of the question that they cover, 0 to 1. */
export type Found = { title: string; text: string; score: number };

type Sentence = { text: string; words: Words };

/** Below this share of the question an answer would be a guess; tuned on the questions of `answer.test.ts`. */
const ENOUGH = 0.45;

/** A question's weight counts up to this: in a long message the point is in some of the words. */
const LONGEST_QUESTION = 5;

/** Words of the title count for every sentence below it, a little less than words of the sentence itself. */
const TITLE = 0.8;

const LONGEST_ANSWER = 4;

/** Each further sentence has to bring more than this share of the question. */
const COST = 0.04;

/** A sentence further down leans on those before it. */
const SKIPPED = 0.02;

/** What the customer wants to do weighs more than what it is done to. */
const ACTION = 1.5;

/** Of two answers that cover as much, the one whose title is about it wins. */
const TITLE_BONUS = 0.1;

/**
 * The one to four neighbouring sentences that cover most of the question, rare words counting more. When that is an
 * article's short introduction, the section that answers most of the rest follows.
 */
export const bestPassage = (articles: readonly Article[], question: Words): Found | undefined => {
  const best = search(articles, question, ENOUGH);
  if (!best || best.text.length > SHORT / 2) return best;
  const sections = articles
    .filter(({ title }) => title.startsWith(`${best.title}: `))
    .map(({ title, text }) => ({ title: title.slice(best.title.length + 2), text }));
  const said = wordsOf(`${best.title} ${best.text}`);
  const open = new Set([...question].filter((word) => !said.has(word)));
  const section = search(sections, open, 0) ?? search(sections, question, 0);
  return section ? { ...best, text: `${best.text}\n\n${section.text}` } : best;
};

const search = (articles: readonly Article[], question: Words, enough: number): Found | undefined => {
  if (question.size === 0) return undefined;
  const documents = articles.map(read);
  const weight = weigh(
    question,
    documents.flatMap(({ sentences, titleWords }) => [{ words: titleWords }, ...sentences]),
  );
  const whole = Math.min(sum(question, weight), LONGEST_QUESTION);

  let best: Found | undefined;
  let highest = 0;
  for (const { title, titleWords, sentences } of documents) {
    const inTitle = [...question].filter((word) => titleWords.has(word));
    const bonus = sum(inTitle, (word) => weight(word)) * (TITLE_BONUS / whole);
    for (let from = 0; from < sentences.length; from += 1) {
      const covered = new Map(inTitle.map((word) => [word, TITLE]));
      for (let to = from; to < Math.min(from + LONGEST_ANSWER, sentences.length); to += 1) {
        for (const word of question) if (sentences[to]?.words.has(word)) covered.set(word, 1);
        const share = sum(covered.keys(), (word) => weight(word) * (covered.get(word) ?? 0)) / whole;
        const score = Math.min(share, 1) - COST * (to - from) - SKIPPED * from;
        if (score < enough || score + bonus <= highest) continue;
        highest = score + bonus;
        best = { title, text: textOf(sentences, from, to + 1), score };
      }
    }
  }
  return best;
};

/**
 * A short passage is quoted with what follows it, since rules come with their exceptions, and one that begins with an
 * article's second sentence with the first, which it refers to.
 */
const textOf = (sentences: readonly Sentence[], from: number, to: number): string => {
  const start = from === 1 ? 0 : from;
  let text = '';
  let inList = false;
  for (const [at, sentence] of sentences.slice(start, start + LONGEST_ANSWER).entries()) {
    if (start + at >= to && text.length + sentence.text.length > SHORT) break;
    const item = isItem(sentence.text);
    text += (at === 0 ? '' : item || inList ? '\n' : ' ') + sentence.text;
    inList = item;
  }
  return text;
};

/** Characters up to which a passage is filled up. */
const SHORT = 240;

const ITEM = /^(-|\d+\.) /;

/** Whether a text begins with an item of a list, which needs a line of its own. */
export const isItem = (text: string): boolean => ITEM.test(text);

type Document = { title: string; titleWords: Words; sentences: Sentence[] };

/** A company's articles come again with every question: reading one costs ten times as much as searching it. */
const documentsRead = new Map<string, Document>();
const REMEMBERED = 1_000;

const read = ({ title, text }: Article): Document => {
  const key = `${title}\n${text}`;
  const before = documentsRead.get(key);
  if (before) return before;
  const document = { title, titleWords: wordsOf(title), sentences: sentencesOf(text) };
  if (documentsRead.size >= REMEMBERED) documentsRead.clear();
  documentsRead.set(key, document);
  return document;
};

/** Sentences of a Markdown text; a list item is one, a heading is none. */
const sentencesOf = (text: string): Sentence[] =>
  text
    .split(/\n+/)
    .map((line) => line.trim().replace(/^[*•-]\s+/, '- '))
    .filter((line) => line !== '' && !line.startsWith('#'))
    .flatMap((line) => (isItem(line) ? [line] : line.split(/(?<=[.!?…])\s+(?=[\p{Lu}\p{N}¿¡“„«(*])/u)))
    .map((sentence) => ({ text: sentence, words: wordsOf(sentence) }));

/** Weight of a word: one, and more the fewer sentences hold it; a word in none weighs most, since it is not answered. */
const weigh = (question: Words, sentences: readonly { words: Words }[]): ((word: string) => number) => {
  const weights = new Map<string, number>();
  for (const word of question) {
    const holding = sentences.reduce((count, { words }) => count + (words.has(word) ? 1 : 0), 0);
    const rarity = 1 + 0.2 * Math.log((sentences.length + 1) / (holding + 1));
    weights.set(word, ACTIONS.has(word) ? rarity * ACTION : rarity);
  }
  return (word) => weights.get(word) ?? 0;
};

const sum = (words: Iterable<string>, weight: (word: string) => number): number => {
  let total = 0;
  for (const word of words) total += weight(word);
  return total;
};
