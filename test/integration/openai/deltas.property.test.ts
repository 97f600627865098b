import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toStorable } from '../../../contracts/text.ts';
import { chunk, DONE, useLocalModel } from './rig.ts';

const { server, ask } = useLocalModel();

test('any text in any deltas arrives whole, each piece well-formed', async () => {
  const unit = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 3 }),
    fc.constantFrom('\ud83d', '\ude00', '\0', '\r\n', 'data: '),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 30 }), async (deltas) => {
      const whole = toStorable(deltas.join(''));
      fc.pre(whole !== '');
      server.setFaults([
        { fault: 'raw', body: deltas.map((content) => chunk({ content })).join('') + chunk({}, 'stop') + DONE },
      ]);
      const { text, parts } = await ask();
      expect(text).toBe(whole);
      expect(parts.every((part) => part.type !== 'text' || (part.text !== '' && part.text.isWellFormed()))).toBe(true);
    }),
    { numRuns: 150 },
  );
});
