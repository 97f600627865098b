import { expect, test } from '@jest/globals';
import type { SuggestionFrame } from '../../../contracts/console-frames.ts';
import { newSuggestion, suggested } from '../../../web/console/suggestion.ts';

const about = { conversation: 'cnv_1', commandId: 'command-1' };
const delta = (attempt: number, offset: number, text: string) =>
  ({ type: 'suggestion.delta', ...about, attempt, offset, text }) as const;
const ended: SuggestionFrame = {
  type: 'suggestion.ended',
  ...about,
  attempt: 2,
  text: 'Whole.',
  sources: [{ title: 'Returns' }],
};

test('a draft grows, starts anew with a higher attempt, and passes over what is late', () => {
  const frames = [delta(1, 0, 'I am '), delta(1, 5, 'so'), delta(2, 0, 'We'), delta(1, 7, 'late')];
  expect(frames.reduce(suggested, newSuggestion('command-1'))).toMatchObject({
    attempt: 2,
    text: 'We',
    status: 'writing',
  });
});

test('a delta twice says it once, one after a gap nothing, and the end brings the whole', () => {
  const known = [delta(1, 0, 'Hello'), delta(1, 0, 'Hello'), delta(1, 9, 'gap')].reduce(
    suggested,
    newSuggestion('command-1'),
  );
  expect(known.text).toBe('Hello');
  const done = suggested(known, ended);
  expect(done).toMatchObject({ text: 'Whole.', status: 'done', sources: [{ title: 'Returns' }] });
  expect(suggested(done, delta(3, 0, 'more'))).toBe(done);
});

test('another draft’s frames are not this one’s, and a failure is said', () => {
  const known = newSuggestion('command-2');
  expect(suggested(known, ended)).toBe(known);
  expect(suggested(known, { type: 'suggestion.failed', ...about, commandId: 'command-2' }).status).toBe('failed');
});
