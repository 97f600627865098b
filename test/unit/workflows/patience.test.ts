import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { Patience, type Went } from '../../../workflows/patience.ts';

const limits = { repeatedFailure: 2, repeatedlyUnanswered: 3 };
const all = (...turns: Went[]) => {
  const patience = new Patience();
  return turns.map((went) => patience.ended(went, limits));
};

test('so many turns in a row bring a person, counted anew from there', () => {
  expect(all('wrong', 'wrong', 'wrong', 'wrong')).toEqual([null, 'repeatedFailure', null, 'repeatedFailure']);
  expect(all('groundless', 'groundless', 'groundless', 'groundless')).toEqual([
    ...[null, null, 'repeatedlyUnanswered', null],
  ]);
});

test('one that went well ends the row, and a failure is no answer either', () => {
  expect(all('wrong', 'well', 'wrong')).toEqual([null, null, null]);
  expect(all('groundless', 'wrong', 'groundless')).toEqual([null, null, 'repeatedlyUnanswered']);
  expect(all('wrong', 'groundless', 'wrong')).toEqual([null, null, 'repeatedlyUnanswered']);
});

test('without limits nothing is ever too much, and the last turn is known', () => {
  const patience = new Patience();
  for (let i = 0; i < 50; i++) expect(patience.ended(i % 2 === 0 ? 'wrong' : 'groundless', {})).toBeNull();
  expect(patience.last).toBe('groundless');
});

test('it is the same whether it is carried into another run or not', () => {
  fc.assert(
    fc.property(fc.array(fc.constantFrom<Went>('well', 'wrong', 'groundless')), fc.nat(), (turns, at) => {
      let carried = new Patience();
      const got = turns.map((went, i) => {
        if (i === at % (turns.length || 1)) carried = new Patience(JSON.parse(JSON.stringify(carried.carry())));
        return carried.ended(went, limits);
      });
      expect(got).toEqual(all(...turns));
    }),
  );
});
