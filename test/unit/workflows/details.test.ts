import { expect, test } from '@jest/globals';
import { details, type Wait } from '../../../workflows/details.ts';

const time = (text: string) => Date.parse(`2026-03-04T${text}.000Z`);
const NONE = { customer: 0, people: 0 };
const first = (wait: Wait, standing = { turns: 0, waiting: 0, unrecorded: 0, actions: NONE }) =>
  details(wait, standing).split('\n')[0];

test('the first line says what the workflow waits for, and until when', () => {
  const silence = { for: 'customer', since: time('10:00:00'), until: time('10:10:00') } as const;
  expect(first({ ...silence, warned: false })).toBe(
    '**Waits for the customer**, silent since 2026-03-04T10:00:00Z. Warns at 2026-03-04T10:10:00Z.',
  );
  expect(first({ ...silence, warned: true })).toBe(
    '**Waits for the customer**, silent since 2026-03-04T10:00:00Z and warned. Ends at 2026-03-04T10:10:00Z.',
  );
  expect(first({ for: 'model', until: time('10:01:00') })).toBe(
    '**Waits for the model** in the queue `assistant`, until 2026-03-04T10:01:00Z at most.',
  );
  expect(first({ for: 'record' })).toBe('**Waits for Postgres** to write the record.');
  expect(first({ for: 'nothing' })).toBe('**Resolved**: nobody said anything for long enough.');
});

test('what stands is listed, what is not there is not', () => {
  const wait: Wait = { for: 'record' };
  expect(details(wait, { turns: 3, waiting: 0, unrecorded: 0, actions: NONE }).split('\n').slice(1)).toEqual([
    '',
    '- turns taken: 3',
  ]);
  expect(
    details(wait, { turns: 3, waiting: 2, unrecorded: 1, actions: { customer: 1, people: 2 } })
      .split('\n')
      .slice(2),
  ).toEqual([
    '- turns taken: 3',
    '- messages that no turn has taken yet: 2',
    '- actions that the customer has to confirm: 1',
    '- **actions that wait for approval: 2** (`duradesk approvals`)',
    '- turns to be recorded when Postgres is back: 1',
  ]);
});
