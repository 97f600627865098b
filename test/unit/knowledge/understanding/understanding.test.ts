import { describe, expect, test } from '@jest/globals';
import { type Embedder, toUnit } from '../../../../integrations/embeddings.ts';
import { createEntityFinder } from '../../../../knowledge/understanding/entities.ts';
import { createUnderstanding } from '../../../../knowledge/understanding/index.ts';
import { createIntentClassifier } from '../../../../knowledge/understanding/intent.ts';
import { createLanguageDetector } from '../../../../knowledge/understanding/language.ts';
import { readMood } from '../../../../knowledge/understanding/mood.ts';

/** Meaning in three dimensions: parcels, refunds, and everything else. */
const vectorOf = (text: string): Float32Array => {
  const count = (words: RegExp) => text.toLowerCase().match(words)?.length ?? 0;
  const noise = (text.length % 7) / 50;
  return toUnit(
    Float32Array.of(
      count(/parcel|track|ship/g) + noise,
      count(/refund|money|paid/g) + noise / 2,
      count(/weather|football|poem/g) + 0.05,
    ),
  );
};

const intents = [
  {
    name: 'order_status',
    examples: ['where is my parcel', 'track my parcel', 'did you ship it', 'has it shipped', 'parcel?'],
  },
  {
    name: 'refund_status',
    examples: ['where is my refund', 'I want my money', 'refund not paid', 'my money back', 'refund'],
  },
];

describe('intent', () => {
  const examples = intents.flatMap(({ name, examples: texts }) =>
    texts.map((text) => ({ intent: name, vector: vectorOf(text) })),
  );
  const classify = createIntentClassifier(examples);

  test('is that of the examples which mean the same', () => {
    expect(classify(vectorOf('please track the parcel for me'))).toMatchObject({ intent: 'order_status' });
    expect(classify(vectorOf('have you paid the refund yet'))).toMatchObject({ intent: 'refund_status' });
  });

  test('is none for what no example is close to', () => {
    expect(classify(vectorOf('write a poem on the weather and football'))).toMatchObject({ intent: null });
  });

  test('is the same from the same examples', () => {
    const again = createIntentClassifier(examples);
    expect(again(vectorOf('parcel'))).toEqual(classify(vectorOf('parcel')));
  });

  test('needs two intents', () => {
    expect(() => createIntentClassifier(examples.slice(0, 5))).toThrow(RangeError);
  });
});

test.each([
  ['where is my parcel', 'en'],
  ['Der Reißverschluss ist kaputt', 'de'],
  ["bonjour, puis-je parler à quelqu'un", 'fr'],
  ['quiero que me devuelvan el dinero', 'es'],
  ['quero o meu dinheiro de volta', 'pt'],
])('%s is %s', (text, language) => {
  expect(createLanguageDetector(['en', 'de', 'fr', 'es', 'pt'])(text)).toBe(language);
});

test('a number or "ok" has no language', () => {
  const detect = createLanguageDetector(['en', 'de']);
  expect([detect('1042'), detect('ok!'), detect('')]).toEqual([undefined, undefined, undefined]);
});

describe('mood', () => {
  test.each([
    ['This is unacceptable, your service is terrible!!', 'en'],
    ['Das ist eine Frechheit, ich bin wütend', 'de'],
    ["C'est inacceptable, une honte", 'fr'],
    ['Es una vergüenza, un servicio pésimo', 'es'],
    ['Isto é inaceitável, uma vergonha', 'pt'],
  ])('%s is furious', (text, language) => {
    expect(readMood(text, language).sentiment).toBeLessThan(-0.6);
  });

  test('thanks are good, plain questions neutral, and a negation turns praise', () => {
    expect(readMood('Thank you, that was very helpful', 'en').sentiment).toBeGreaterThan(0.5);
    expect(readMood('Where is my parcel?', 'en')).toEqual({ sentiment: 0, urgent: false });
    expect(readMood('I am not happy', 'en').sentiment).toBeLessThan(0);
    expect(readMood('', 'en')).toEqual({ sentiment: 0, urgent: false });
    expect(readMood('terrible', 'fi').sentiment).toBe(0);
  });

  test('what cannot wait is urgent', () => {
    expect(readMood('I need it today, it is urgent', 'en').urgent).toBe(true);
    expect(readMood('Es ist dringend', 'de').urgent).toBe(true);
  });
});

test('entities come in the order of the text, each once', () => {
  const find = createEntityFinder({ order: '\\b(1\\d{3})\\b', batch: '\\bK\\d{4}\\b' });
  expect(find('My stove K2604 came with order 1042, again: order 1042')).toEqual([
    { name: 'batch', value: 'K2604' },
    { name: 'order', value: '1042' },
  ]);
  expect(() => createEntityFinder({ wrong: '(' })).toThrow(SyntaxError);
});

test('a message is read as a whole, and without embeddings all but its intent', async () => {
  const embedder: Embedder = { name: 'words', embed: async (texts) => texts.map(vectorOf) };
  const options = { languages: ['en', 'de'], defaultLanguage: 'en', intents, entities: { order: '\\b1\\d{3}\\b' } };
  const text = 'Where is the parcel of order 1042? It is urgent';
  const read = await createUnderstanding({ ...options, embedder });
  expect(read(text, vectorOf(text))).toMatchObject({
    language: 'en',
    urgent: true,
    intent: { intent: 'order_status' },
    entities: [{ name: 'order', value: '1042' }],
  });
  const plain = await createUnderstanding({ ...options, embedder: null });
  expect(plain(text, null)).toMatchObject({ language: 'en', intent: null });
});
