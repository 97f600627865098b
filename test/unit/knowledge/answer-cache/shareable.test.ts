import { expect, test } from '@jest/globals';
import type { Message } from '../../../../contracts/events.ts';
import { asksAfter, opensConversation, shareKey } from '../../../../knowledge/answer-cache/shareable.ts';
import type { Understanding } from '../../../../knowledge/understanding/index.ts';
import { intents } from '../../../doubles/returns-desk.ts';
import { testPlaybook } from '../../../playbook.ts';

const { playbook } = testPlaybook({ intents, answerCache: { keep: 1_000 } });
const about = (best: string, change: Partial<Understanding> = {}): Understanding => ({
  language: 'en',
  sentiment: 0,
  urgent: false,
  entities: [],
  wantsPerson: false,
  intent: { intent: best, best, confidence: 0.9 },
  ...change,
});
const key = (text: string, understanding = about('returns'), book = playbook) =>
  shareKey(book, { text, understanding }, { signedIn: false, language: undefined });

test('a common question has a key by who asks, language, intent and wording', () => {
  expect(key('How do I return a Jacket?')).toEqual({
    audience: 'visitor',
    language: 'en en',
    intent: 'returns',
    exact: 'how do i return a jacket',
    gist: 'how jacket return',
  });
  const signedIn = { signedIn: true, language: 'pt-BR' };
  expect(
    shareKey(playbook, { text: 'How do I return boots?', understanding: about('returns') }, signedIn),
  ).toMatchObject({
    audience: 'customer',
    language: 'en pt-BR',
  });
});

test.each([
  ['about oneself', 'I am Ada and want to know how to return boots'],
  ['about oneself in German', 'Ich heiße Ada, wie schicke ich Stiefel zurück?'],
  ['about oneself in French', "Je m'appelle Ada, comment renvoyer des bottes ?"],
  ['about oneself in Spanish', 'Me llamo Ada, ¿cómo devuelvo unas botas?'],
  ['about oneself in Portuguese', 'Chamo-me Ada, como devolvo umas botas?'],
  ['with an e-mail address', 'How do I return boots, write to ada@mail.example'],
  ['with a card number', 'How do I return boots paid with 4111 1111 1111 1111?'],
  ['with a telephone number', 'How do I return boots, call 087 123 456'],
  ['of one word', 'Returns?'],
  ['of no words', '???'],
  ['long', `How do I return ${'boots and '.repeat(40)}socks?`],
])('a question %s has none', (_what, text) => {
  expect(key(text)).toBeNull();
});

test.each<[string, Understanding]>([
  ['personal', about('refund_status')],
  ['perhaps personal', about('refund_status', { intent: { intent: null, best: 'refund_status', confidence: 0.2 } })],
  ['of unknown intent', about('', { intent: null })],
  ['angry', about('returns', { sentiment: -0.8 })],
  ['urgent', about('returns', { urgent: true })],
  ['with an order number', about('returns', { entities: [{ name: 'order', value: '1042' }] })],
])('one that is %s has none', (_what, understanding) => {
  expect(key('How do I return a jacket?', understanding)).toBeNull();
});

test('without a cache in the playbook there is none; without personal intents no intent need be told', () => {
  const unknown = about('', { intent: null });
  expect(key('How do I return a jacket?', about('returns'), testPlaybook({ intents }).playbook)).toBeNull();
  const plain = testPlaybook({ answerCache: { keep: 1_000 } }).playbook;
  expect(key('How do I return a jacket?', unknown, plain)).toMatchObject({ intent: '' });
});

test('only a greeting may have been said before', () => {
  const said = (author: Message['author'], text: string): Message => ({ id: 'a:1', author, turn: 1, text, at: '' });
  expect(opensConversation([])).toBe(true);
  expect(opensConversation([said('customer', 'Hello there!'), said('assistant', 'Hello, how can I help?')])).toBe(true);
  expect(opensConversation([said('customer', 'Is it for gas?'), said('assistant', 'Yes.')])).toBe(false);
});

test('a question that names what its customer once said of themselves is theirs alone', () => {
  const facts = [{ name: 'shoe size', value: '43' }];
  expect(asksAfter('What is my shoe size?', facts)).toBe(true);
  expect(asksAfter('What size are the shoes?', facts)).toBe(true);
  expect(asksAfter('How do I return a jacket?', facts)).toBe(false);
  expect(asksAfter('What is my shoe size?', [])).toBe(false);
  expect(asksAfter('How do I return a jacket?', [{ name: 'the', value: 'x' }])).toBe(false);
});
