import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from '@jest/globals';
import { languageFor, languages } from '../../web/customer/languages.ts';
import { en } from '../../web/customer/words/en.ts';

/** Every word by its path. What is made of something is made of what a test can see in it. */
const flat = (value: unknown, path = ''): [string, string][] => {
  if (typeof value === 'string') return [[path, value]];
  if (typeof value === 'function') return [1, 2].map((n) => [`${path}(${n})`, String(value(n, 'Robin'))]);
  return Object.entries(value ?? {}).flatMap(([name, part]) => flat(part, `${path}.${name}`));
};

const others = Object.entries(languages).filter(([name]) => name !== 'en');

test.each(others)('%s has every word, in its own language', (_name, words) => {
  const english = flat(en);
  const theirs = flat(words);
  expect(theirs.map(([path]) => path)).toEqual(english.map(([path]) => path));
  expect(theirs.filter(([, text]) => text.trim() === '')).toEqual([]);
  // A name between two marks is the same everywhere, and so may be a word or two.
  const same = theirs.filter(([, text], n) => text === english[n]?.[1]).map(([path]) => path);
  expect(same).toEqual([]);
});

test.each(Object.entries(languages))('%s leaves out nothing that it is given', (_name, words) => {
  const given = { name: 'Zoë', other: 'Wren' };
  for (const say of [words.greeting, words.givenBack])
    for (const text of [given.name, given.other]) expect(say(given.name, given.other)).toContain(text);
  for (const say of [
    words.assistantOf,
    words.signedInAs,
    words.isTyping,
    words.talkingTo,
    words.joined,
    words.left,
    words.gone,
  ])
    expect(say(given.name)).toContain(given.name);
  expect(words.scoreOf(4, given.name)).toContain(given.name);
  for (const say of [words.expectedMinutes, words.place, words.charactersLeft, words.rated])
    expect(say(7)).toContain('7');
  expect(words.score).toHaveLength(5);
});

test('the page speaks the first language of the customer that it has', () => {
  expect(languageFor(['de-AT', 'en'])).toBe('de');
  expect(languageFor(['ar-EG', 'pt-BR', 'en'])).toBe('pt');
  expect(languageFor(['zh-Hans-CN', 'FR'])).toBe('fr');
  expect(languageFor(['ar', 'constructor'])).toBe('en');
  expect(languageFor([])).toBe('en');
});

test('index.html asks for words that there are, and stands in English until they come', () => {
  const page = readFileSync(join(import.meta.dirname, '../../web/customer/index.html'), 'utf8');
  const plain: Record<string, unknown> = en;
  const spoken = [...page.matchAll(/data-words="(\w+)"[^>]*>([^<]*)</g)].map(([, name, text]) => [name, text]);
  const called = [...page.matchAll(/(?:aria-label|placeholder)="([^"]+)"\s+data-(?:label|placeholder)="(\w+)"/g)].map(
    ([, text, name]) => [name, text],
  );
  expect(spoken).toHaveLength(5);
  expect(called).toHaveLength(4);
  for (const [name = '', text] of [...spoken, ...called]) expect([name, plain[name]]).toEqual([name, text]);
});
