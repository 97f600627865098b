import { expect, test } from '@jest/globals';
import { createDrafts, type Keep } from '../../../web/console/drafts.ts';
import { createSeen } from '../../../web/console/seen.ts';

const keepIn = (): Keep => {
  let held: string | null = null;
  return {
    get: () => held,
    set(value) {
      held = value;
    },
  };
};

test('drafts outlive the page, for each conversation, reply and note apart, until they are empty', () => {
  const keep = keepIn();
  createDrafts(keep).change('one', { reply: 'Hello' });
  createDrafts(keep).change('one', { note: 'careful', tab: 'note' });
  createDrafts(keep).change('two', { reply: 'Hi' });
  const drafts = createDrafts(keep);
  expect(drafts.of('one')).toEqual({ reply: 'Hello', note: 'careful', tab: 'note' });
  expect(drafts.of('three')).toEqual({ reply: '', note: '', tab: 'reply' });
  expect([...drafts.open()]).toEqual(['one', 'two']);
  drafts.change('one', { reply: '', note: '', tab: 'reply' });
  drafts.change('two', { reply: '' });
  expect(keep.get()).toBeNull();
});

test('a note that was begun is a note from its first letter on, though nothing was written yet', () => {
  const drafts = createDrafts(keepIn());
  drafts.change('one', { tab: 'note' });
  expect(drafts.open().size).toBe(0);
  expect(drafts.change('one', { note: 'c' })).toEqual({ reply: '', note: 'c', tab: 'note' });
});

test('drafts keep the fifty that were touched last, and nothing that is not theirs', () => {
  const keep = keepIn();
  keep.set('{"bad": 7, "odd": {"reply": 1, "note": [], "tab": "x"}}');
  const drafts = createDrafts(keep);
  expect(drafts.of('odd')).toEqual({ reply: '', note: '', tab: 'reply' });
  for (let n = 0; n < 60; n++) drafts.change(`c${n}`, { reply: 'x' });
  expect(drafts.open().size).toBe(50);
  expect(drafts.of('c59').reply).toBe('x');
  expect(drafts.of('c9').reply).toBe('');
});

test('a customer’s message is unread until it was shown; others’ never are', () => {
  const keep = keepIn();
  const last = { author: 'customer' as const, text: 'Hi', at: '2026-01-05T09:00:00.000Z' };
  const entry = { id: 'one', last };
  expect(createSeen(keep).isUnread(entry)).toBe(true);
  createSeen(keep).mark(entry);
  expect(createSeen(keep).isUnread(entry)).toBe(false);
  const later = { id: 'one', last: { ...last, at: '2026-01-05T09:01:00.000Z' } };
  expect(createSeen(keep).isUnread(later)).toBe(true);
  expect(createSeen(keep).isUnread({ ...later, last: { ...later.last, author: 'agent' } })).toBe(false);
  createSeen(keep).mark(later);
  createSeen(keep).mark(entry);
  expect(createSeen(keep).isUnread(later)).toBe(false);
});
