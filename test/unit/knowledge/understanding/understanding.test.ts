import { beforeAll, describe, expect, test } from '@jest/globals';
import { toUnit } from '../../../../integrations/embeddings.ts';
import { createEntityFinder } from '../../../../knowledge/understanding/entities.ts';
import { createUnderstanding } from '../../../../knowledge/understanding/index.ts';
import { type IntentClassifier, trainIntentClassifier } from '../../../../knowledge/understanding/intent.ts';
import { createLanguageDetector } from '../../../../knowledge/understanding/language.ts';
import { readMood } from '../../../../knowledge/understanding/mood.ts';
import { testPlaybook } from '../../../playbook.ts';

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
  let classify: IntentClassifier;
  beforeAll(async () => {
    classify = await trainIntentClassifier(examples);
  });

  test('is that of the examples which mean the same', () => {
    expect(classify(vectorOf('please track the parcel for me'))).toMatchObject({ intent: 'order_status' });
    expect(classify(vectorOf('have you paid the refund yet'))).toMatchObject({ intent: 'refund_status' });
  });

  test('is none for what no example is close to', () => {
    expect(classify(vectorOf('write a poem on the weather and football'))).toMatchObject({ intent: null });
  });

  test('is the same from the same examples', async () => {
    const again = await trainIntentClassifier(examples);
    expect(again(vectorOf('parcel'))).toEqual(classify(vectorOf('parcel')));
  });

  test('needs two intents', async () => {
    await expect(trainIntentClassifier(examples.slice(0, 5))).rejects.toThrow(RangeError);
  });

  test('is learned without holding the event loop up', async () => {
    const many = Array.from({ length: 300 }, (_, i) => ({
      intent: `intent-${i % 20}`,
      vector: toUnit(Float32Array.from({ length: 64 }, (__, j) => Math.sin(i * j + i))),
    }));
    let [longest, before] = [0, performance.now()];
    const timer = setInterval(() => {
      const now = performance.now();
      longest = Math.max(longest, now - before);
      before = now;
    }, 1);
    const started = performance.now();
    await trainIntentClassifier(many);
    const took = performance.now() - started;
    clearInterval(timer);
    expect(longest).toBeLessThan(took / 4);
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
  const find = createEntityFinder([
    { name: 'order', pattern: '\\b(1\\d{3})\\b' },
    { name: 'batch', pattern: '\\bK\\d{4}\\b' },
  ]);
  expect(find('My stove k2604 came with order 1042, again: order 1042')).toEqual([
    { name: 'batch', value: 'k2604' },
    { name: 'order', value: '1042' },
  ]);
});

test('a message is read as a whole, and until the intents are learned all but its intent', async () => {
  const { assistant } = testPlaybook().playbook;
  const entities = [{ name: 'order', title: 'Order number', pattern: '\\b1\\d{3}\\b' }];
  const understanding = createUnderstanding({
    assistant: { ...assistant, languages: ['en', 'de'] },
    intents: intents.map((intent) => ({ ...intent, title: intent.name, personal: false })),
    entities,
  });
  const text = 'Where is the parcel of order 1042? It is urgent';
  const whole = { language: 'en', urgent: true, entities: [{ name: 'order', value: '1042' }] };
  expect(understanding.read(text, vectorOf(text))).toMatchObject({ ...whole, intent: null });
  await understanding.learn(async (texts) => texts.map(vectorOf));
  expect(understanding.read(text, vectorOf(text))).toMatchObject({ ...whole, intent: { intent: 'order_status' } });
  expect(understanding.read(text, null)).toMatchObject({ intent: null });
});
