import { MOOD_WORDS, type MoodWords } from './mood-words.ts';

/** `sentiment` from -1 (furious) to 1 (delighted), as the playbook's handoff rule counts it. */
export type Mood = { sentiment: number; urgent: boolean };

const VALUES = { good: 1, bad: -0.5, awful: -1.2 };

/** A negation turns the mood of this many words after it. */
const REACH = 3;

type Matcher = (word: string) => boolean;
type Lexicon = Record<keyof MoodWords, Matcher>;

const matcher = (words: string): Matcher => {
  const all = words.split(' ');
  const whole = new Set(all.filter((word) => word.startsWith('=')).map((word) => word.slice(1)));
  const beginnings = all.filter((word) => !word.startsWith('='));
  return (word) => whole.has(word) || beginnings.some((beginning) => word.startsWith(beginning));
};

const lexicons = new Map<string, Lexicon>(
  Object.entries(MOOD_WORDS).map(([language, { good, bad, awful, urgent, not }]) => {
    const negations = new Set(not.split(' '));
    return [
      language,
      {
        good: matcher(good),
        bad: matcher(bad),
        awful: matcher(awful),
        urgent: matcher(urgent),
        not: (word) => negations.has(word),
      },
    ];
  }),
);

/**
 * Reads mood and urgency off a lexicon, capitals and exclamation marks. It sees what is said outright and misses irony,
 * politeness that hides anger, and words that it does not list; languages without a lexicon are neutral.
 */
export const readMood = (text: string, language: string): Mood => {
  const lexicon = lexicons.get(language);
  const words = text.match(/[\p{L}\p{N}'’]+/gu) ?? [];
  if (!lexicon || words.length === 0) return { sentiment: 0, urgent: false };
  const plain = words.map((word) => word.toLowerCase().replaceAll('’', "'"));
  let sum = 0;
  let urgent = false;
  plain.forEach((word, i) => {
    const value = lexicon.awful(word)
      ? VALUES.awful
      : lexicon.bad(word)
        ? VALUES.bad
        : lexicon.good(word)
          ? VALUES.good
          : 0;
    const turned = plain.slice(Math.max(0, i - REACH), i).some(lexicon.not);
    // "Not bad" is no praise, and "not good" is a complaint.
    sum += turned ? (value > 0 ? -0.5 : 0) : value;
    urgent ||= lexicon.urgent(word);
  });
  const shouted = words.filter((word) => /^\p{Lu}{3,}$/u.test(word)).length >= 3 || /!{2,}/.test(text);
  const emphasis = shouted ? (sum === 0 ? -0.3 : sum * 0.5) : 0;
  return { sentiment: Math.tanh(sum + emphasis), urgent: urgent || (shouted && sum < 0) };
};
