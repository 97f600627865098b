import { expect, test } from '@jest/globals';
import type { DeskEvent } from '../../contracts/events.ts';
import { useCustomerPage } from './customer-page.ts';

const { page, gateway, answers, open, say, answered, goAway, comeBack, axeFinds } = useCustomerPage();

const conversation = () => {
  const [first] = [...gateway().conversations.values()];
  if (!first) throw new Error('nobody has begun a conversation');
  return first;
};
const happen = (...events: DeskEvent[]): void => {
  for (const event of events) conversation().append(event);
};
const waiting: DeskEvent = { type: 'owner.changed', owner: 'waiting', term: 1 };
const withAnn: DeskEvent = { type: 'owner.changed', owner: 'agent', term: 2, by: 'Ann Moss' };
const resolved: DeskEvent = { type: 'conversation.resolved', by: 'agent', rate: true };
const person = () => page().locator('#person');
const told = () => page().locator('#announcer p').allTextContents();
/** The desk has heard that many wishes for a person. */
const wished = async (count: number): Promise<void> => {
  for (const until = Date.now() + 10_000; conversation().wishes.size < count; ) {
    if (Date.now() > until) throw new Error(`${conversation().wishes.size} wishes for a person instead of ${count}`);
    await page().waitForTimeout(20);
  }
};
const seen = (text: string) => page().getByText(text, { exact: true }).first().waitFor();

test('a person is one press away, asked for once, and the button says how it stands', async () => {
  await open();
  await person().focus();
  await page().keyboard.press('Enter');
  await page().getByRole('button', { name: 'Asking for a person…' }).waitFor();
  await page().keyboard.press('Enter');
  // The focus stays where it was.
  expect(await page().evaluate('document.activeElement.id')).toBe('person');
  expect(await person().getAttribute('aria-disabled')).toBe('true');
  await wished(1);
  happen(waiting);
  await page().getByRole('button', { name: 'A person is on the way' }).waitFor();
  happen(withAnn);
  await page().getByRole('button', { name: 'You are talking to Ann Moss' }).waitFor();
  happen({ type: 'owner.changed', owner: 'assistant', term: 3 });
  await page().getByRole('button', { name: 'Talk to a person' }).waitFor();
  expect(await person().getAttribute('aria-disabled')).toBe('false');
  await person().click();
  await wished(2);
});

test('pressed in an airplane it is kept over a reload, and heard once', async () => {
  await open();
  await say('hello');
  await answered(1);
  await goAway();
  await person().click();
  await page().getByRole('button', { name: 'Asking for a person…' }).waitFor();
  await page().reload();
  await page().getByRole('button', { name: 'Asking for a person…' }).waitFor();
  expect(conversation().wishes.size).toBe(0);
  await comeBack();
  await wished(1);
  happen(waiting);
  await page().getByRole('button', { name: 'A person is on the way' }).waitFor();
});

test('who waits sees place and wait, as far as anybody knows them, and the assistant goes on answering', async () => {
  await open();
  await say('hello');
  await answered(1);
  const panel = page().locator('#waiting');
  expect(await panel.isVisible()).toBe(false);
  happen(waiting);
  await panel.getByText('We are getting a person for you. You can keep writing meanwhile.').waitFor();
  happen({ type: 'queue.changed', position: 3, expectedMs: 150_000 });
  await panel.getByText('You are number 3 in line. It takes about 3 minutes.').waitFor();
  await say('and meanwhile?');
  await answered(2);
  expect(await page().locator('#speaker').textContent()).toBe('Juno · virtual assistant');
  happen({ type: 'queue.changed', position: 2, expectedMs: 59_000 });
  await panel.getByText('You are number 2 in line. It takes less than a minute.').waitFor();
  happen({ type: 'queue.changed', position: 1, expectedMs: null });
  await panel.getByText('You are next in line. You can keep writing').waitFor();
  expect(await panel.textContent()).not.toContain('minute');
  expect(await axeFinds()).toEqual([]);
  // Heard at the start, with the first place, and as next; not at every step.
  expect(await told()).toEqual([
    'You said: hello',
    'We are getting a person for you.',
    'You are number 3 in line. It takes about 3 minutes.',
    'You said: and meanwhile?',
    'You are next in line.',
  ]);
});

test('who is speaking is always said: in the header, on each message, and in the thread where it changes', async () => {
  await open();
  await say('a person please');
  await answered(1);
  happen(waiting, withAnn);
  await page().locator('#speaker', { hasText: 'Ann Moss, Fjell & Fjord' }).waitFor();
  expect(await page().locator('#portrait').textContent()).toBe('AM');
  expect(await page().locator('#mark').isVisible()).toBe(false);
  happen({ type: 'agent.typing', by: 'Ann Moss' });
  await seen('Ann Moss is typing');
  conversation().say('Ann Moss', 'Hello, **I am Ann**.');
  await page().locator('.message.agent .author', { hasText: 'Ann Moss' }).waitFor();
  expect(await page().locator('.working').textContent()).toBe('');
  expect(await page().locator('.message.agent .bubble').allInnerTexts()).toEqual(['Hello, **I am Ann**.']);
  await page().evaluate('document.fonts.ready');
  expect(await axeFinds()).toEqual([]);
  happen({ type: 'owner.changed', owner: 'waiting', term: 3 });
  await seen('Ann Moss has left. Another person will take over.');
  happen(
    { type: 'owner.changed', owner: 'agent', term: 4, by: 'Bo' },
    { type: 'owner.changed', owner: 'assistant', term: 5 },
  );
  await seen('Bo has left. You are talking to Juno again.');
  expect(await page().locator('#speaker').textContent()).toBe('Juno · virtual assistant');
  expect(await told()).toEqual([
    'Hello, I am Ann.',
    'We are getting a person for you.',
    'Ann Moss has left. Another person will take over.',
    'Bo has joined the conversation.',
    'Bo has left. You are talking to Juno again.',
  ]);
});

test('typing is gone after six seconds without another word of it', async () => {
  await open();
  await say('hello');
  await answered(1);
  happen(waiting, withAnn, { type: 'agent.typing', by: 'Ann Moss' });
  await seen('Ann Moss is typing');
  const began = Date.now();
  await page().getByText('Ann Moss is typing').waitFor({ state: 'detached', timeout: 10_000 });
  expect(Date.now() - began).toBeGreaterThan(4_000);
});

test('at the end it asks once how it was, with the keyboard, and goes on when the customer writes again', async () => {
  await open();
  await say('hello');
  await answered(1);
  happen(waiting, withAnn, { type: 'owner.changed', owner: 'assistant', term: 3 }, resolved);
  await seen('This conversation is finished. Write again whenever you like: it goes on here.');
  const group = page().getByRole('group', { name: 'How was this conversation?' });
  expect(await group.getByRole('radio').count()).toBe(5);
  expect(await axeFinds()).toEqual([]);
  const send = page().getByRole('button', { name: 'Send rating' });
  // Nothing is chosen: the browser says so, and nothing is sent.
  await send.click();
  expect(conversation().ratings).toEqual([]);
  await group.getByRole('radio', { name: '1 of 5: Very bad' }).focus();
  for (const _ of [1, 2, 3]) await page().keyboard.press('ArrowRight');
  expect(await group.getByRole('radio', { name: '4 of 5: Good' }).isChecked()).toBe(true);
  await page().keyboard.press('Tab');
  await page().keyboard.type('quick and kind');
  await page().keyboard.press('Tab');
  await page().keyboard.press('Enter');
  await seen('You gave 4 of 5. Thank you!');
  expect(await page().evaluate('document.activeElement.className')).toContain('rating');
  expect(conversation().ratings).toMatchObject([{ score: 4, comment: 'quick and kind' }]);
  expect(await group.count()).toBe(0);
  expect((await told()).slice(-2)).toEqual(['How was this conversation?', 'You gave 4 of 5. Thank you!']);
  await say('one more thing');
  await answered(2);
  expect(await page().locator('.rating').isVisible()).toBe(false);
  happen(resolved);
  await seen('You gave 4 of 5. Thank you!');
  expect(await group.count()).toBe(0);
});

test('a rating given without a link is kept over a reload and given once', async () => {
  await open();
  await say('hello');
  await answered(1);
  happen(resolved);
  const five = page().getByRole('radio', { name: '5 of 5: Very good' });
  await five.waitFor();
  await goAway();
  await five.check();
  await page().getByRole('button', { name: 'Send rating' }).click();
  await page().getByRole('button', { name: 'Sending…' }).waitFor();
  await page().reload();
  await comeBack();
  await seen('You gave 5 of 5. Thank you!');
  expect(new Set(conversation().ratings.map(({ commandId }) => commandId)).size).toBe(1);
});

test.each([
  ['de-AT', 'de', 'Mit einem Menschen sprechen', 'Nachricht schreiben …'],
  ['fr-CA', 'fr', 'Parler à une personne', 'Écrivez un message…'],
  ['es-MX', 'es', 'Hablar con una persona', 'Escriba un mensaje…'],
  ['pt-BR', 'pt', 'Falar com uma pessoa', 'Escreva uma mensagem…'],
  ['ar-EG', 'en', 'Talk to a person', 'Write a message…'],
])(
  'a customer who reads %s is spoken to in %s, on every corner of the page',
  async (locale, language, button, field) => {
    await open({ locale });
    expect(await page().locator('html').getAttribute('lang')).toBe(language);
    await page().getByRole('button', { name: button }).waitFor();
    expect(await page().locator('#text').getAttribute('placeholder')).toBe(field);
    if (language === 'en') return;
    answers(() => [{ say: '…' }]);
    await say('…');
    await answered(1);
    happen(waiting, withAnn, { type: 'owner.changed', owner: 'assistant', term: 3 }, resolved);
    await page().locator('.rating fieldset').waitFor();
    const attributes = await page().evaluate<string>(
      `[...document.querySelectorAll('[aria-label], [title], [placeholder]')].map((node) =>
        ['aria-label', 'title', 'placeholder'].map((name) => node.getAttribute(name) ?? '').join(' ')).join(' ')`,
    );
    const all = `${await page().locator('body').allInnerTexts()} ${attributes}`;
    expect(all).not.toMatch(/\b(the|you|your|with|is|send|JavaScript)\b/i);
    expect(await axeFinds()).toEqual([]);
  },
);
