import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toStorable } from '../../contracts/text.ts';
import { createWholeCharacters } from '../../integrations/whole-characters.ts';

const unit = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('a', ' ', 'é', '中', '\0') },
  { weight: 2, arbitrary: fc.constantFrom('\ud83d', '\ude00', '😀') },
);

test('pieces are well-formed and together the storable text, wherever the deltas were cut', () => {
  fc.assert(
    fc.property(fc.array(fc.array(unit, { maxLength: 4 }).map((units) => units.join(''))), (deltas) => {
      const whole = createWholeCharacters();
      const pieces = [...deltas.map((delta) => whole.push(delta)), whole.end()];
      expect(pieces.every((piece) => piece.isWellFormed())).toBe(true);
      expect(pieces.join('')).toBe(toStorable(deltas.join('')));
    }),
    { numRuns: 2_000 },
  );
});
