import { expect, test } from '@jest/globals';
import { afterClose, CLOSE } from '../../contracts/close-codes.ts';

test('every code of ours tells the client what to do, and an unknown one is met with patience', () => {
  expect(Object.fromEntries(Object.entries(CLOSE).map(([name, code]) => [name, afterClose(code)]))).toEqual({
    unsupported: 'never',
    tooBig: 'never',
    restart: 'now',
    protocol: 'never',
    unauthorized: 'never',
    notFound: 'never',
    slow: 'now',
    tooMany: 'later',
  });
  expect(afterClose(1011)).toBe('later');
});
