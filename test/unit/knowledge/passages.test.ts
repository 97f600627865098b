import { expect, test } from '@jest/globals';
import { passagesOf } from '../../../knowledge/passages.ts';
import { sourcesOf } from '../../../knowledge/sources.ts';

const article = (body: string) => ({
  slug: 'returns',
  title: 'Returns',
  url: 'https://x.example/r',
  language: 'en',
  tags: [],
  questions: [],
  body,
});

test('an article is cut at its headings, and each piece keeps title, heading and place', () => {
  const passages = passagesOf(article('Intro.\n\n## How long\n\nThirty days.\n\n## Refunds ##\nFive days.'));
  expect(passages.map(({ ordinal, title, heading, text }) => [ordinal, title, heading, text])).toEqual([
    [0, 'Returns', '', 'Intro.'],
    [1, 'Returns', 'How long', 'Thirty days.'],
    [2, 'Returns', 'Refunds', 'Five days.'],
  ]);
});

test('a long section is cut between paragraphs and nothing of it is lost', () => {
  const paragraphs = Array.from({ length: 12 }, (_, i) => `${i} `.padEnd(300, 'word '));
  const passages = passagesOf(article(paragraphs.join('\n\n')));
  expect(passages.length).toBeGreaterThan(1);
  expect(passages.every(({ text }) => text.length <= 1_200)).toBe(true);
  expect(passages.map(({ text }) => text).join('\n\n')).toBe(paragraphs.join('\n\n').trim());
});

test('an answer names the articles it rests on, and no others', () => {
  const passages = [
    {
      article: 'returns',
      title: 'Returns',
      heading: '',
      url: 'https://x.example/r',
      text: 'You can return unused items within thirty days of delivery.',
    },
    { article: 'tents', title: 'Tent care', heading: '', url: null, text: 'Dry the tent before you store it.' },
  ];
  expect(sourcesOf('You can return unused items within thirty days.', passages)).toEqual([
    { title: 'Returns', url: 'https://x.example/r' },
  ]);
  expect(sourcesOf('Order 1042 was shipped yesterday.', passages)).toEqual([]);
});
