import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { deltasOf, merged, tokensOf, unitsOf } from '../../../local/model/deltas.ts';
import { DEMO, INSTANT, paced } from '../../../local/model/profile.ts';

const never = new AbortController().signal;

const collect = async <T>(batches: AsyncIterable<T[]>) => {
  const start = performance.now();
  const all: { at: number; batch: T[] }[] = [];
  for await (const batch of batches) all.push({ at: performance.now() - start, batch });
  return all;
};

const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.string({ unit: 'grapheme' }), fc.constant('a \ud83d b'));

describe('deltas', () => {
  test('tokens are the text, and never cut a character', () => {
    fc.assert(
      fc.property(texts, (text) => {
        const tokens = tokensOf(text);
        expect(tokens.join('')).toBe(text);
        if (text.isWellFormed()) expect(tokens.every((token) => token.isWellFormed())).toBe(true);
      }),
    );
  });

  test('joining them changes neither text nor arguments', () => {
    fc.assert(
      fc.property(texts, fc.array(texts, { maxLength: 4 }), fc.constantFrom(tokensOf, unitsOf), (text, args, cut) => {
        const calls = args.map((one, at) => ({ id: `c${at}`, name: 'n', arguments: one }));
        const joined = merged(deltasOf(text, calls, cut));
        expect(joined.map((delta) => ('text' in delta ? delta.text : '')).join('')).toBe(text);
        const begun = joined.flatMap((delta) => ('call' in delta ? [delta.call] : []));
        expect(begun).toEqual(calls.map((call, index) => ({ index, ...call })));
      }),
    );
  });
});

describe('pace', () => {
  const items = Array.from({ length: 20 }, (_, at) => at);

  test('at once is one batch', async () => {
    expect(await collect(paced(items, INSTANT, 'hi', never))).toMatchObject([{ batch: items }]);
  });

  test('the first item waits, the others follow at the rate, none is lost', async () => {
    const profile = { firstTokenMs: 60, tokensPerSecond: 200, jitter: 0, seed: 1 };
    const batches = await collect(paced(items, profile, 'hi', never));
    expect(batches.flatMap(({ batch }) => batch)).toEqual(items);
    expect(batches.length).toBeGreaterThan(3);
    expect(batches[0]?.at).toBeGreaterThanOrEqual(58);
    expect(batches.at(-1)?.at).toBeGreaterThanOrEqual(60 + 19 * 5 - 3);
  });

  test('ends when the signal aborts', async () => {
    const controller = new AbortController();
    const reading = collect(paced(items, { ...DEMO, firstTokenMs: 10_000 }, 'hi', controller.signal));
    controller.abort(new Error('enough'));
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' });
  });
});
