import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Embedder, EmbedderUnavailable, toUnit } from '../../../integrations/embeddings.ts';
import { createRetrieval } from '../../../knowledge/retrieval.ts';
import { createEmbeddings } from '../../../store/embeddings.ts';
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
  title,
  heading: '',
  url: null,
  language: 'en',
  text,
});

const boots = passage('boots', 'Caring for leather', 'Wax your boots.');
const shipping = passage('shipping', 'Delivery', 'It takes three days.');

/** Knows two meanings, and what it was asked. */
const createMeanings = () => {
  const asked: string[] = [];
  let broken = false;
  const embedder: Embedder = {
    name: 'meanings',
    embed: async (texts) => {
      if (broken) throw new EmbedderUnavailable('it is gone');
      asked.push(...texts);
      return texts.map((text) => toUnit(/boots|shoes/i.test(text) ? Float32Array.of(1, 0.1) : Float32Array.of(0.1, 1)));
    },
  };
  return { embedder, asked, break: () => (broken = true) };
};

test('meaning finds what no word does; only what changed is embedded; words serve when the embedder fails', async () => {
  const passages = createPassages(database.db);
  const embeddings = createEmbeddings(database.db);
  const meanings = createMeanings();
  const troubles: unknown[] = [];
  const retrieval = createRetrieval({
    passages,
    embeddings,
    embedder: meanings.embedder,
    onTrouble: (error) => troubles.push(error),
  });
  await passages.replace('v1', [boots, shipping]);
  await retrieval.refresh();
  expect((await retrieval.search('my shoes look dry', 'en', 1))[0]).toEqual({
    article: 'boots',
    title: 'Caring for leather',
    heading: '',
    url: null,
    text: 'Wax your boots.',
  });

  meanings.asked.length = 0;
  await passages.replace('v2', [boots, passage('shipping', 'Delivery', 'It takes four days.')]);
  expect((await retrieval.search('delivery', 'en', 1))[0]).toMatchObject({ text: 'It takes four days.' });
  await retrieval.refresh();
  expect(meanings.asked).toEqual(['delivery', 'Delivery. It takes four days.']);
  expect((await embeddings.load('meanings')).size).toBe(2);

  meanings.break();
  expect((await retrieval.search('wax my boots', 'en', 1))[0]).toMatchObject({ article: 'boots' });
  expect(troubles).toEqual([expect.any(EmbedderUnavailable)]);
});

test('a rare word outweighs common ones, which the length of a passage does not make up for', async () => {
  const passages = createPassages(database.db);
  const filler = Array.from({ length: 8 }, (_, i) =>
    passage(`gift-${i}`, 'How long it is valid', 'How long do you have? You have long, so long as you have it.'),
  );
  await passages.replace('v3', [...filler, passage('returns', 'Returns', 'Boots: 60 days to send them back.')]);
  const [best] = await passages.search('How long do I have to return boots?', 'en', 1);
  expect(best).toMatchObject({ article: 'returns' });
});

test('a vector comes back as it was stored', async () => {
  const embeddings = createEmbeddings(database.db);
  const passages = createPassages(database.db);
  const [stored] = (await passages.all()).passages;
  const vector = toUnit(Float32Array.of(0.25, -3, 1e-7));
  await embeddings.save('other', new Map([[stored?.hash ?? '', vector]]));
  expect([...(await embeddings.load('other')).values()]).toEqual([vector]);
});
