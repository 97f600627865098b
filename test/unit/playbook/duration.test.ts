import { describe, expect, test } from '@jest/globals';
import { duration } from '../../../contracts/duration.ts';

describe('duration', () => {
  test.each([
    ['250ms', 250],
    ['45s', 45_000],
    ['2m', 120_000],
    ['4h', 14_400_000],
    ['3d', 259_200_000],
  ])('%s is %d ms', (text, ms) => {
    expect(duration.parse(text)).toBe(ms);
  });

  test.each(['', '2', 'm', '0s', '-2m', '2.5h', '2 m', '2m30s', '2w', '1000000s', 120, null])(
    '%p is refused',
    (value) => {
      expect(duration.safeParse(value).error?.issues).toMatchObject([{ message: 'must be a duration like 2m' }]);
    },
  );
});
