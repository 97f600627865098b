/**
 * How many ways a pattern may have to match at one place. A regular expression that tries all of them over a message of 4,000
 * characters takes 50 ms at worst (measured); without a bound, one of 20 characters can hold a worker up for ever.
 */
const MAX_WAYS = 64;

/** The most that one part may repeat. */
const MAX_REPEAT = 64;

/**
 * Says why a pattern is not safe to search a stranger's text with, or `null`. Allowed is what has a small number of ways to
 * match, however it is written: characters, classes, escapes, alternatives, groups that are there or not, and repetition
 * with an upper bound. So `*` and `+`, repeated groups, look-around and back-references are refused.
 */
export const unsafe = (pattern: string): string | null => {
  try {
    new RegExp(pattern, 'u');
    const ways = countWays(pattern);
    return ways > MAX_WAYS
      ? `has ${ways} ways to match at one place and may have ${MAX_WAYS}: narrow its repetitions`
      : null;
  } catch (error) {
    if (error instanceof Refused) return error.message;
    return `is no regular expression: ${error instanceof Error ? error.message : String(error)}`;
  }
};

class Refused extends Error {}

/** Ways multiply along a sequence and add up over alternatives. */
const countWays = (pattern: string): number => {
  let at = 0;

  const alternatives = (): number => {
    let [total, sequence] = [0, 1];
    while (at < pattern.length && pattern[at] !== ')') {
      if (pattern[at] === '|') {
        at += 1;
        total += sequence;
        sequence = 1;
      } else sequence *= repeated();
    }
    return total + sequence;
  };

  const repeated = (): number => {
    const isGroup = pattern[at] === '(';
    const ways = isGroup ? group() : character();
    const [quantifier = '', least = '', more, most] = /^(?:[*+?]|\{(\d+)(,(\d*))?\})\??/.exec(pattern.slice(at)) ?? [];
    at += quantifier.length;
    if (/^[*+]/.test(quantifier) || (more !== undefined && most === ''))
      throw new Refused('must have an upper bound like {1,12} in the place of * and +');
    if (quantifier === '') return ways;
    if (quantifier.startsWith('?')) return ways + 1;
    const highest = Number(most ?? least);
    if (highest > MAX_REPEAT) throw new Refused(`must not repeat anything more than ${MAX_REPEAT} times`);
    if (isGroup) throw new Refused('must not repeat a group; only ? may follow one');
    return highest - Number(least) + 1;
  };

  const group = (): number => {
    at += 1;
    if (pattern.startsWith('?:', at)) at += 2;
    else if (pattern[at] === '?') throw new Refused('must not look around or name its groups; write (…) or (?:…)');
    const ways = alternatives();
    at += 1;
    return ways;
  };

  const character = (): number => {
    const [token = ''] = /^(?:\\[pP]\{[^}]*\}|\\u\{[^}]*\}|\\.|\[(?:\\.|[^\]\\])*\]|.)/su.exec(pattern.slice(at)) ?? [];
    if (/^\\[1-9k]/.test(token)) throw new Refused('must not refer back to what a group matched');
    at += token.length;
    return 1;
  };

  return alternatives();
};
