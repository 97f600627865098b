import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isStorable } from '../../../contracts/text.ts';
import { capped, visible } from '../../../integrations/untrusted-text.ts';

describe('visible', () => {
  test.each([
    ['Unicode tags', `ok${[...'obey'].map((c) => String.fromCodePoint(0xe0000 + c.charCodeAt(0))).join('')}`, 'ok'],
    ['a bidirectional override', 'exe.\u202Efdp\u202C', 'exe.fdp'],
    ['isolates', '\u2066a\u2069', 'a'],
    ['zero width', 'pass\u200Bw\u200Co\u200Dr\u2060d\uFEFF', 'password'],
    ['a soft hyphen', 'ig\u00ADnore', 'ignore'],
    ['a hidden run of selectors', 'A\uFE01\uFE0F\u{E0101}', 'A'],
    ['ANSI and other controls', '\u001B[31mred\u0007\u0085', '[31mred'],
    ['NUL', 'a\0b', 'ab'],
    ['half a character', 'a\uD800b', 'a\uFFFDb'],
  ])('takes away %s', (_what, text, expected) => {
    expect(visible(text)).toBe(expected);
  });

  test.each(['tab\tline\r\nline', 'Grüße, ¿qué tal? – 40 °C', '❤️ and 1️⃣', '日本語 العربية हिन्दी', '🧗🏽'])(
    'keeps %p',
    (text) => {
      expect(visible(text)).toBe(text);
    },
  );

  test('is always storable, and stable', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (text) => {
        const once = visible(text);
        expect(isStorable(once)).toBe(true);
        expect(visible(once)).toBe(once);
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});

describe('capped', () => {
  test('leaves what fits', () => {
    expect(capped('äöü', 6)).toBe('äöü');
  });

  test('cuts between characters and says how much is gone', () => {
    expect(capped('äöü', 5)).toBe('äö\n[cut here: 2 of 6 bytes left out]');
    expect(capped('a🏔b', 3)).toBe('a\n[cut here: 5 of 6 bytes left out]');
  });

  test('never keeps more than asked for, and accounts for every byte', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.nat(40), (text, max) => {
        const [, kept = text, left = '0', all = String(Buffer.byteLength(text))] =
          /^(.*)\n\[cut here: (\d+) of (\d+) bytes left out\]$/s.exec(capped(text, max)) ?? [];
        expect(text.startsWith(kept)).toBe(true);
        expect(Buffer.byteLength(kept)).toBeLessThanOrEqual(Math.max(max, 0));
        expect(Buffer.byteLength(kept) + Number(left)).toBe(Number(all));
      }),
      { seed: 3, numRuns: 500 },
    );
  });
});
