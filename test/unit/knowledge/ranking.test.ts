import { expect, test } from '@jest/globals';
import { leastCloseness, type Placed, rank } from '../../../knowledge/ranking.ts';
import { learnTopics, type Topics } from '../../../knowledge/topics.ts';

/** A vector of length 1 at an angle in degrees. */
const at = (degrees: number) =>
  Float32Array.of(Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180));
const placed = (article: string, ordinal: number, degrees: number): Placed => ({
  passage: {
    article,
    ordinal,
    asked: ordinal < 0,
    title: article,
    heading: '',
    url: null,
    text: `${article} ${ordinal}`,
    hash: `${article}${ordinal}`,
    length: 2,
  },
  vector: at(degrees),
});
const order = (
  index: Placed[],
  degrees: number,
  words: [string, number, number][] = [],
  topics: Topics | null = null,
) => {
  const scores = new Map(
    index.flatMap(({ passage }) =>
      words
        .filter(([article, ordinal]) => article === passage.article && ordinal === passage.ordinal)
        .map(([, , score]) => [passage, score] as const),
    ),
  );
  return rank(index, at(degrees), scores, topics?.(at(degrees)) ?? null, 9).passages.map(({ text }) => text);
};

test('a way to ask lifts all passages of its article, the nearest first', () => {
  const index = [placed('near', 0, 20), placed('asked', 0, 60), placed('asked', 1, 50), placed('asked', -1, 0)];
  expect(order(index, 0)).toEqual(['near 0', 'asked 1', 'asked 0']);
  expect(order([...index, placed('near', -1, 90)], 0)).toEqual(['asked 1', 'asked 0', 'near 0']);
});

test('words decide between what is equally near', () => {
  const index = [placed('a', 0, 10), placed('b', 0, -10)];
  expect(order(index, 0, [['b', 0, 3]])).toEqual(['b 0', 'a 0']);
  expect(order(index, 0, [['a', 0, 3]])).toEqual(['a 0', 'b 0']);
});

test('what the ways to ask have in common outweighs one that is near by chance', async () => {
  const asked = [0, 1, 2, 3, 4, 5].flatMap((i) => [placed('left', -1 - i, 20 + i), placed('right', -1 - i, -20 - i)]);
  const index = [placed('left', 0, 0), placed('right', 0, -20), ...asked, placed('left', -9, -5)];
  expect(order(index, -9)).toEqual(['left 0', 'right 0']);
  expect(order(index, -9, [], await learnTopics(index))).toEqual(['right 0', 'left 0']);
});

test('there is no topic where no article says how it is asked for, or there is one alone', async () => {
  expect(await learnTopics([placed('a', 0, 0), placed('b', 0, 90)])).toBeNull();
  expect(await learnTopics([placed('a', 0, 0), placed('a', -1, 10)])).toBeNull();
});

test('known is what comes as near as ways to ask do to one another, where enough of them are named', async () => {
  const few = Array.from({ length: 49 }, (_, i) => placed('a', -1 - i, i));
  expect(await leastCloseness(few)).toBeNull();
  const many = Array.from({ length: 60 }, (_, i) => placed('a', -1 - i, 3 * i));
  expect(await leastCloseness(many)).toBeCloseTo(Math.cos((3 * Math.PI) / 180), 5);
});
