import { expect, test } from '@jest/globals';
import { groupGaps } from '../../../knowledge/gaps.ts';
import { createVectors } from '../../../knowledge/vectors.ts';
import { wordEmbedder } from '../../doubles/word-embedder.ts';

const at = (hour: number) => new Date(Date.UTC(2026, 0, 1, hour));
const asked = [
  { question: 'Which kayaks do you sell?', language: 'en', intent: null, at: at(4) },
  { question: 'Can I paint my tent?', language: 'en', intent: 'gear_advice', at: at(3) },
  { question: 'do you sell kayaks', language: 'en', intent: null, at: at(2) },
  { question: 'Do you sell a kayak?', language: 'en', intent: null, at: at(1) },
];
const counts = async (vectors: ReturnType<typeof createVectors>) =>
  (await groupGaps(asked, vectors)).map(({ question, asked: times }) => [question, times]);

test('gaps are grouped by meaning, the most asked first, as they were asked last', async () => {
  expect(await counts(createVectors(wordEmbedder(), () => {}))).toEqual([
    ['Which kayaks do you sell?', 3],
    ['Can I paint my tent?', 1],
  ]);
});

test('without embeddings only the same words make a group', async () => {
  expect(await counts(createVectors(null, () => {}))).toEqual([
    ['do you sell kayaks', 2],
    ['Which kayaks do you sell?', 1],
    ['Can I paint my tent?', 1],
  ]);
});
