import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createPassages, type NewPassage } from '../../../store/passages.ts';
import { freshDatabase } from '../../database.ts';

let database: Awaited<ReturnType<typeof freshDatabase>>;

beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

const passage = (article: string, title: string, text: string): NewPassage => ({
  article,
  ordinal: 0,
  asked: false,
  title,
  heading: '',
  url: null,
  language: 'en',
  text,
});

test('the passage that answers comes first, whatever other words the question holds', async () => {
  const index = createPassages(database.db);
  await index.replace('v1', [
    passage('returns', 'Returns', 'Send unused items back within 30 days and we refund the price.'),
    passage('shipping', 'Delivery times', 'Parcels within the country arrive in two to three working days.'),
  ]);
  const [best] = await index.search('hello there, how long does delivery take please?', 'en', 4);
  expect(best).toMatchObject({ article: 'shipping', title: 'Delivery times' });
  expect(await index.search('zzz', 'en', 4)).toEqual([]);
  expect(await index.search("';:*&|!() --", 'en', 4)).toEqual([]);
});

test('another version replaces everything, the same one nothing', async () => {
  const index = createPassages(database.db);
  expect(await index.replace('v2', [passage('boots', 'Boots', 'Wax your boots.')])).toBe('replaced');
  expect(await index.replace('v2', [])).toBe('current');
  expect(await index.search('delivery', 'en', 4)).toEqual([]);
  expect(await index.search('wax my boots', 'en', 4)).toHaveLength(1);
});
