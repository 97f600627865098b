import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Embedder, EmbedderUnavailable, toUnit } from '../../../integrations/embeddings.ts';
import { createReader } from '../../../knowledge/reader.ts';
import { createRetrieval } from '../../../knowledge/retrieval.ts';
import { createVectors } from '../../../knowledge/vectors.ts';
import { createEmbeddings } from '../../../store/embeddings.ts';
import { createPassages, type NewPassage } from '../../../store/passages.ts';
import { freshDatabase } from '../../database.ts';
import { testPlaybook } from '../../playbook.ts';

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
  const vectors = createVectors(meanings.embedder, (error) => troubles.push(error));
  const reader = createReader(testPlaybook().playbook, vectors);
  const retrieval = createRetrieval({ passages, embeddings, vectors });
  const find = async (question: string) => (await retrieval.search(await reader.read(question), 'en', 1)).passages[0];
  await passages.replace('v1', [boots, shipping]);
  await retrieval.refresh();
  expect(await find('my shoes look dry')).toEqual({
    article: 'boots',
    title: 'Caring for leather',
    heading: '',
    url: null,
    text: 'Wax your boots.',
    hash: expect.stringMatching(/^[0-9a-f]{64}$/),
  });

  meanings.asked.length = 0;
  await passages.replace('v2', [boots, passage('shipping', 'Delivery', 'It takes four days.')]);
  expect(await find('delivery')).toMatchObject({ text: 'It takes four days.' });
  await retrieval.refresh();
  expect(meanings.asked).toEqual(['delivery', 'Delivery. It takes four days.']);
  const hashes = (await passages.all()).passages.map(({ hash }) => hash);
  expect((await embeddings.load('meanings', hashes)).size).toBe(2);

  meanings.break();
  expect(await find('wax my boots')).toMatchObject({ article: 'boots' });
  expect(troubles).toEqual([expect.any(EmbedderUnavailable)]);
});

test('an article is found by a way to ask for it that its text does not hold, by words and by meaning, and never quoted', async () => {
  const passages = createPassages(database.db);
  const way = { ...shipping, ordinal: -1, asked: true, title: '', text: 'When will my shoes be here?' };
  await passages.replace('v-asked', [boots, shipping, way]);
  const words = createRetrieval({
    passages,
    embeddings: createEmbeddings(database.db),
    vectors: createVectors(null, () => {}),
  });
  const found = await words.search({ text: 'shoes?', vector: null }, 'en', 4);
  expect(found.passages.map(({ article, text }) => [article, text])).toEqual([['shipping', 'It takes three days.']]);

  const { embedder } = createMeanings();
  const vectors = createVectors(embedder, () => {});
  const meaning = createRetrieval({ passages, embeddings: createEmbeddings(database.db), vectors });
  await meaning.refresh();
  const vector = await vectors.of('shoes');
  const both = await meaning.search({ text: 'zzz', vector }, 'en', 4);
  // The boots by their own meaning twice, the delivery by its way to ask and, less, by its own.
  expect(both.passages.map(({ article }) => article)).toEqual(['boots', 'shipping']);
  expect(both.passages.map(({ text }) => text)).not.toContain(way.text);
});

test('workers that start at the same time share the embedding', async () => {
  const passages = createPassages(database.db);
  const many = Array.from({ length: 640 }, (_, ordinal) => ({ ...boots, ordinal, text: `Pair ${ordinal} of boots.` }));
  await passages.replace('v-many', many);
  const { embedder, asked } = createMeanings();
  const start = () => {
    const vectors = createVectors({ ...embedder, name: 'shared' }, () => {});
    return createRetrieval({ passages, embeddings: createEmbeddings(database.db), vectors }).refresh();
  };
  await Promise.all([start(), start()]);
  expect(new Set(asked).size).toBe(640);
  expect(asked.length).toBeLessThan(640 * 1.5);
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
  expect([...(await embeddings.load('other', [stored?.hash ?? ''])).values()]).toEqual([vector]);
});
