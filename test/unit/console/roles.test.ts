import { expect, test } from '@jest/globals';
import { isOwn } from '../../../gateway/console/own-origin.ts';
import { isAtLeast, neededFor } from '../../../gateway/console/roles.ts';

test('a role has what those below it have; a route without a row is nobody’s', () => {
  const roles = ['agent', 'supervisor', 'admin'] as const;
  expect(roles.map((role) => roles.map((needed) => isAtLeast(role, needed)))).toEqual([
    [true, false, false],
    [true, true, false],
    [true, true, true],
  ]);
  expect([neededFor('GET', '/floor'), neededFor('HEAD', '/floor'), neededFor('POST', '/sign-in')]).toEqual([
    'supervisor',
    'supervisor',
    'anybody',
  ]);
  expect([neededFor('DELETE', '/floor'), neededFor('GET', '/floor/'), neededFor('GET', '')]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});

test.each([
  [true, { origin: 'https://desk.example' }],
  [true, { origin: 'https://desk.example', 'sec-fetch-site': 'same-origin' }],
  [false, {}],
  [false, { origin: 'null' }],
  [false, { origin: 'http://desk.example' }],
  [false, { origin: 'https://desk.example:8443' }],
  [false, { origin: 'https://desk.example.evil.example' }],
  [false, { origin: 'https://desk.example', 'sec-fetch-site': 'cross-site' }],
  [false, { origin: 'https://desk.example', 'sec-fetch-site': 'same-site' }],
  [false, { origin: 'https://desk.example', 'sec-fetch-site': 'none' }],
])('%s for %j', (own, headers) => {
  expect(isOwn(() => ['https://desk.example'], { headers })).toBe(own);
});
