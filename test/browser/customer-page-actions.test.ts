import { expect, test } from '@jest/globals';
import type { EffectState } from '../../contracts/actions.ts';
import type { Script } from '../doubles/scripted-conversation.ts';
import { createMoment, useCustomerPage } from './customer-page.ts';

const { page, answers, open, say, answered, axeFinds } = useCustomerPage();

const asks = (leadsTo: EffectState[], takes?: Promise<unknown>, expiresInMs = 60_000): Script => {
  return () => [
    {
      ask: {
        title: 'Refund',
        arguments: [
          { label: 'Order', value: '1031' },
          { label: 'Reason', value: '<b>torn</b>' },
        ],
        argumentsHash: 'a'.repeat(64),
        expiresAt: new Date(Date.now() + expiresInMs).toISOString(),
      },
      leadsTo,
      ...(takes && { takes }),
    },
    { say: 'Please look at the card.' },
  ];
};

const card = () => page().getByRole('region', { name: 'Refund' });
const status = (text: string) => card().getByText(text).waitFor();

test('a card says what is about to happen, and is confirmed with the keyboard alone', async () => {
  const next = createMoment();
  answers(asks(['done'], next.come));
  await open();
  await say('I want a refund');
  await answered(1);
  await status('Nothing has happened yet. Please confirm or cancel.');
  expect(await card().locator('dd').allInnerTexts()).toEqual(['1031', '<b>torn</b>']);
  expect(await axeFinds()).toEqual([]);
  await card().getByRole('button', { name: 'Confirm' }).focus();
  await page().keyboard.press('Enter');
  await status('Confirmed. Working on it…');
  expect(await card().getByRole('button').count()).toBe(0);
  // Focus stays at the card, from where Tab goes on.
  expect(await page().evaluate('document.activeElement.className')).toContain('card');
  next.comes();
  await status('Done.');
  expect(await page().locator('#announcer').textContent()).toMatch(
    /Refund\. Order: 1031\. Reason: <b>torn<\/b>\. Nothing has happened yet[\s\S]*Refund\. Done\./,
  );
  expect(await axeFinds()).toEqual([]);
});

test('it stands where it was asked, with what became of it, after the page was loaded again', async () => {
  answers(asks(['awaiting_approval']));
  await open();
  await say('I want a refund');
  await answered(1);
  await card().getByRole('button', { name: 'Confirm' }).click();
  await status('Confirmed. Waiting for approval by our team.');
  answers(() => [{ say: 'Anything else?' }]);
  await say('Thanks');
  await answered(2);
  await page().reload();
  await status('Confirmed. Waiting for approval by our team.');
  const order = await page()
    .locator('.message:is(.customer, .settled, .card)')
    .evaluateAll((all) => all.map((each) => each.className.split(' ').slice(1, 3).join(' ')));
  expect(order).toEqual([
    'customer settled',
    'assistant settled',
    'assistant card',
    'customer settled',
    'assistant settled',
  ]);
  expect(await card().getByRole('button').count()).toBe(0);
});

test('cancel leaves everything as it was', async () => {
  answers(asks(['done']));
  await open();
  await say('I want a refund');
  await answered(1);
  await card().getByRole('button', { name: 'Cancel' }).click();
  await status('Cancelled. Nothing was changed.');
});

test.each([
  ['denied', 'Not approved. Nothing was changed.'],
  ['unknown', 'Our team is checking whether this went through.'],
  ['failed', 'Not done.'],
] as const)('%s is said as what it is', async (state, words) => {
  answers(asks(['awaiting_approval', state]));
  await open();
  await say('I want a refund');
  await answered(1);
  await card().getByRole('button', { name: 'Confirm' }).click();
  await status(words);
});

test('when its time is over the buttons go, without a word from anybody', async () => {
  answers(asks(['done'], undefined, 2_500));
  await open();
  await say('I want a refund');
  await status('Expired. Nothing was changed.');
  expect(await card().getByRole('button').count()).toBe(0);
});
