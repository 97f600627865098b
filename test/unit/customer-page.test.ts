import { describe, expect, test } from '@jest/globals';
import type { Message } from '../../contracts/events.ts';
import { MAX_MESSAGE_LENGTH } from '../../contracts/text.ts';
import { emptyView } from '../../web/conversation-view.ts';
import { spokenText } from '../../web/customer/spoken-text.ts';
import { timeline } from '../../web/customer/timeline.ts';
import type { OutgoingMessage } from '../../web/memory.ts';
import { MAX_LENGTH } from '../../web/message-length.ts';

const at = '2026-01-05T09:00:00.000Z';
const question: Message = { id: 'c:question-1', author: 'customer', turn: 1, text: 'Where?', at };
const waiting: OutgoingMessage = {
  clientMessageId: 'question-2',
  text: 'And?',
  at,
  conversation: null,
  status: 'pending',
};

describe('the timeline', () => {
  test('shows the conversation, then the reply in flight, then what is on its way, each under a key that stays', () => {
    const reply = { turn: 1, attempt: 1, text: 'On its' };
    const before = timeline({ ...emptyView, messages: [question], reply }, [waiting]);
    expect(before.map(({ key, state }) => [key, state])).toEqual([
      ['c:question-1', 'settled'],
      ['a:1', 'streaming'],
      ['c:question-2', 'pending'],
    ]);
    const answer: Message = { id: 'a:1', author: 'assistant', turn: 1, text: 'On its way.', at, end: 'final' };
    const second: Message = { ...question, id: 'c:question-2', turn: 2 };
    const after = timeline({ ...emptyView, messages: [question, answer, second] }, []);
    expect(after.map(({ key }) => key)).toEqual(before.map(({ key }) => key));
  });

  test('keeps the reply above what was asked after it', () => {
    const messages = [question, { ...question, id: 'c:question-2', turn: 2 }];
    const reply = { turn: 1, attempt: 1, text: 'On its' };
    expect(timeline({ ...emptyView, messages, reply }, []).map(({ key }) => key)).toEqual([
      'c:question-1',
      'a:1',
      'c:question-2',
    ]);
  });

  test('has no empty bubbles: a reply that says nothing yet, or ended without a word', () => {
    const ended: Message = { id: 'a:1', author: 'assistant', turn: 1, text: '', at, end: 'escalated' };
    expect(timeline({ ...emptyView, messages: [ended], reply: { turn: 2, attempt: 1, text: '' } }, [])).toEqual([]);
  });
});

test('what is heard has no marks, and its lines and items stand apart', () => {
  expect(spokenText('**Two**\nways:\n\n1. [post](https://a.example)\n2. `courier`\n\n```\ncode\n```')).toBe(
    'Two ways: post, courier code',
  );
});

test('the page takes as many characters as the gateway', () => {
  expect(MAX_LENGTH).toBe(MAX_MESSAGE_LENGTH);
});
