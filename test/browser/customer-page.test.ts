import { describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { createMoment, identitySecret, useCustomerPage } from './customer-page.ts';

const { page, gateway, answers, open, say, answered, bubbles, goAway, comeBack, axeFinds } = useCustomerPage();

describe('the composer', () => {
  test('sends on Enter, breaks the line on Shift+Enter, and sends nothing for nothing', async () => {
    await open();
    await say('   ');
    await page().fill('#text', 'one');
    await page().keyboard.press('Shift+Enter');
    await page().keyboard.type('two');
    await page().getByRole('button', { name: 'Send' }).click();
    await answered(1);
    expect(await bubbles()).toEqual(['one\ntwo', 'You said: one\ntwo']);
    expect(await page().inputValue('#text')).toBe('');
  });

  test('takes 4,000 characters, counts near the end, and keeps a draft over a reload', async () => {
    await open();
    await page().fill('#text', 'x'.repeat(3_999));
    expect(await page().locator('#counter').textContent()).toBe('1 character left');
    await page().keyboard.type('yz');
    expect(await page().inputValue('#text')).toBe(`${'x'.repeat(3_999)}y`);
    await page().reload();
    await page().locator('.message.assistant').first().waitFor();
    expect(await page().inputValue('#text')).toBe(`${'x'.repeat(3_999)}y`);
    await page().keyboard.press('Enter');
    await answered(1);
    expect((await bubbles())[0]).toHaveLength(4_000);
  });
});

describe('a conversation', () => {
  test('survives a reload while a message is on its way, and the message is said once', async () => {
    await open();
    await say('first');
    await answered(1);
    await goAway();
    await say('second');
    await page().reload();
    await page().locator('.pending', { hasText: 'second' }).waitFor();
    await comeBack();
    await answered(2);
    expect(await bubbles()).toEqual(['first', 'You said: first', 'second', 'You said: second']);
    expect(await page().locator('#banner').isVisible()).toBe(false);
    expect(gateway().conversations.size).toBe(1);
  });

  test('goes on as soon as the browser is online again', async () => {
    await open();
    gateway().setReachable(false);
    await page().context().setOffline(true);
    gateway().breakLinks();
    await page().locator('#banner', { hasText: 'You are offline' }).waitFor();
    await say('written on a train');
    gateway().setReachable(true);
    await page().context().setOffline(false);
    await answered(1);
    expect(await page().locator('#announcer p').allTextContents()).toEqual([
      'You are offline. What you write is sent as soon as you are back.',
      'Connected again.',
      'You said: written on a train',
    ]);
  });

  test('can be left for a new one', async () => {
    await open();
    await say('first');
    await answered(1);
    await page().getByRole('button', { name: 'New conversation' }).click();
    await page().locator('.message.customer').waitFor({ state: 'detached' });
    await say('second');
    await answered(1);
    expect(await bubbles()).toEqual(['second', 'You said: second']);
    expect(gateway().conversations.size).toBe(2);
  });

  test('that is gone gives the unsent message back, to be said again or removed', async () => {
    await open();
    await goAway();
    await say('one');
    await say('two');
    gateway().conversations.clear();
    await comeBack();
    await page().locator('.failed').nth(1).waitFor();
    await page().locator('#banner', { hasText: 'That conversation has ended, so this is a new one.' }).waitFor();
    expect(await axeFinds()).toEqual([]);
    await page().getByRole('button', { name: 'Remove' }).first().click();
    await page().getByRole('button', { name: 'Try again' }).click();
    await answered(1);
    expect(await bubbles()).toEqual(['two', 'You said: two']);
  });

  test('that was closed says so, and another can be begun', async () => {
    await open();
    await say('first');
    await answered(1);
    for (const conversation of gateway().conversations.values()) conversation.append({ type: 'conversation.closed' });
    await page().getByRole('button', { name: 'Start a new one' }).click();
    await say('second');
    await answered(1);
    expect(gateway().conversations.size).toBe(2);
  });

  test('follows what is said, unless the reader went back', async () => {
    const moment = createMoment();
    const long = Array.from({ length: 60 }, (_, n) => `Line ${n}`).join('\n\n');
    answers((question) => [...(question === 'wait' ? [{ wait: moment.come }] : []), { say: long }]);
    const fromEnd = 'log.scrollHeight - log.scrollTop - log.clientHeight';
    await open();
    await say('go');
    await answered(1);
    expect(await page().evaluate(fromEnd)).toBeLessThan(2);
    await say('wait');
    await page().locator('.customer.settled').nth(1).waitFor();
    await page().evaluate('log.scrollTop = 0');
    await page().waitForTimeout(100);
    moment.comes();
    await answered(2);
    expect(await page().evaluate('log.scrollTop')).toBe(0);
    const toEnd = page().getByRole('button', { name: 'New messages' });
    await toEnd.click();
    expect(await page().evaluate(fromEnd)).toBeLessThan(2);
    await toEnd.waitFor({ state: 'hidden' });
  });
});

describe('a signed-in customer', () => {
  const identity = (expires: string) =>
    new SignJWT({ sub: 'cus_ada', name: 'Ada' })
      .setProtectedHeader({ alg: 'HS256' })
      .setAudience('duradesk')
      .setExpirationTime(expires)
      .sign(new TextEncoder().encode(identitySecret));

  const signIn = async (expires: string): Promise<void> => {
    await page().goto('about:blank');
    await page().goto(`${gateway().url}/#identity=${await identity(expires)}`);
  };

  test('is known by the token in the fragment, which leaves the address at once', async () => {
    await open();
    await say('I am a visitor');
    await answered(1);
    await signIn('1h');
    await page().getByText('Signed in as Ada').waitFor();
    expect(page().url()).toBe(`${gateway().url}/`);
    expect(await page().locator('.message.customer').count()).toBe(0);
    await say('I am Ada');
    await answered(1);
    await page().reload();
    await answered(1);
    const conversations = [...gateway().conversations.values()];
    expect(conversations.map(({ owner, messages }) => [owner.split(':')[0], messages[0]?.text])).toEqual([
      ['visitor', 'I am a visitor'],
      ['customer', 'I am Ada'],
    ]);
  });

  test('whose token has expired can go on as a guest', async () => {
    await open();
    await signIn('-1h');
    await page().getByRole('button', { name: 'Continue as a guest' }).click();
    await page().locator('.message.assistant').waitFor();
    await say('Hi');
    await answered(1);
  });
});
