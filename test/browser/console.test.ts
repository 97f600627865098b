import { describe, expect, test } from '@jest/globals';
import { idOf, sampleMe } from '../doubles/console-samples.ts';
import { password } from '../doubles/scripted-console.ts';
import { useConsolePage } from './console-page.ts';

const { page, desk, open, asked, axeFinds } = useConsolePage();

const ada = `#/c/${idOf('ada')}`;
const offer = (seconds = 20) => ({
  ...{ desk: 'returns', offer: 7, conversationId: idOf('linus'), reason: 'askedForPerson' },
  until: Date.now() + seconds * 1_000,
});
const path = (what: string, of = 'ada') => `conversations/${idOf(of)}/${what}`;
/** Where single keys are commands. */
const thread = () => page().locator('.log');
/** What happens from here on comes over the socket: the double, unlike the gateway, tells nobody of a reply that was begun before. */
const openOf = async (who: string): Promise<void> => {
  await open(`#/c/${idOf(who)}`);
  await thread().locator('.bubble-row').first().waitFor();
  while (asked('socket/watch').length === 0) await page().waitForTimeout(20);
};
const openAda = () => openOf('ada');

describe('signing in', () => {
  test('says what went wrong, and opens the console', async () => {
    await open('', { signedOut: true, openId: { title: 'Sign in with Fjell' } });
    expect(await axeFinds()).toEqual([]);
    expect(await page().getByRole('link', { name: 'Sign in with Fjell' }).getAttribute('href')).toBe(
      '/console/api/openid',
    );
    await page().getByLabel('Name').fill('mia');
    await page().locator('input[type=password]').fill('not the password');
    await page().keyboard.press('Enter');
    await page().getByText('This name and password do not go together.').waitFor();
    await page().locator('input[type=password]').fill(password);
    await page().keyboard.press('Enter');
    await page().getByText('My conversations').waitFor();
  });
});

describe('an offer', () => {
  test('rings, is accepted by keyboard while writing, and opens with everything', async () => {
    await openAda();
    await page().getByLabel('Reply to the customer').fill('half a sentence');
    desk().ring(offer());
    await page().locator('.offer').getByText('0:').waitFor();
    expect(await page().title()).toMatch(/^Offer/);
    expect(await axeFinds()).toEqual([]);
    await page().keyboard.press('Alt+a');
    await page().locator('#thread-title', { hasText: 'Visitor' }).waitFor();
    await page().getByText('With you').waitFor();
    expect(asked('offers')).toMatchObject([{ desk: 'returns', offer: 7, answer: 'accept' }]);
    await page().goto(`${desk().url}/console${ada}`);
    expect(await page().getByLabel('Reply to the customer').inputValue()).toBe('half a sentence');
  });

  test('that is closed meanwhile is gone, and one that is too late is said', async () => {
    await open();
    desk().ring(offer());
    await page().locator('.offer').waitFor();
    desk().tell({ type: 'offer.closed', desk: 'returns', offer: 7, why: 'rangOut' });
    await page().locator('.offer').waitFor({ state: 'detached' });
    desk().tell({ type: 'offer.opened', ...offer(), offer: 8 });
    await page().getByRole('button', { name: 'Accept' }).click();
    await page().getByText('Too late').waitFor();
    expect(await page().locator('.offer').count()).toBe(0);
  });
});

describe('the thread', () => {
  test('sends once, whatever happens to the link, and keeps what was not sent over a reload', async () => {
    await openAda();
    desk().setReachable(false);
    await page().getByText('Connection lost.').waitFor();
    await page().getByLabel('Reply to the customer').fill('It is on its way');
    await page().keyboard.press('Enter');
    await page().locator('[data-pending=pending]').waitFor();
    await page().evaluate('location.hash = "#/"');
    desk().setReachable(true);
    const sent = page().waitForResponse((response) => response.url().endsWith('/messages'));
    await page().reload();
    await sent;
    await page().evaluate(`location.hash = '${ada}'`);
    await page()
      .locator('.bubble-row[data-author=agent]:not([data-pending])', { hasText: 'It is on its way' })
      .waitFor();
    expect(asked(path('messages'))).toMatchObject([{ text: 'It is on its way' }]);
    expect(await page().locator('.bubble', { hasText: 'It is on its way' }).count()).toBe(1);
  });

  test('streams what the assistant says, who says it, and makes no markup of anybody’s words', async () => {
    await openOf('barbara');
    const one = desk().conversation(idOf('barbara'));
    const evil = '<img src=x onerror=alert(1)> <b>bold</b> [x](javascript:alert(1))';
    one.append({ type: 'reply.started', turn: 9, attempt: 1 });
    one.append({ type: 'reply.delta', turn: 9, attempt: 1, offset: 0, text: evil });
    const bubble = page().locator('[data-message="a:9"]');
    await bubble.getByText('writing…').waitFor();
    expect(await bubble.locator('.bubble').allInnerTexts()).toEqual([evil]);
    one.append({ type: 'reply.ended', turn: 9, attempt: 1, end: 'final', length: evil.length });
    await page().locator('[data-message="a:9"][data-streaming=false]').waitFor();
    expect(await page().locator('.log img, .log b, .log a[href^="javascript"]').count()).toBe(0);
  });

  test('shows who else looks and writes, and tells others that one writes', async () => {
    await openAda();
    const viewers = [
      { id: 'mia', name: 'Mia', typing: false },
      { id: 'jon', name: 'Jon Berg', typing: true },
    ];
    desk().tell({ type: 'presence', conversation: idOf('ada'), viewers });
    await page().getByText('Jon Berg is writing…').waitFor();
    await page().getByLabel('Reply to the customer').fill('Hi');
    expect(asked('socket/typing')).toHaveLength(1);
  });

  test('a private note looks like one, and its text stays where it could not be added', async () => {
    await openAda();
    await thread().focus();
    await page().keyboard.press('n');
    await page().keyboard.type('call her bank');
    desk().fail(path('notes'), 503);
    await page().keyboard.press('Enter');
    await page().getByText('Not added.').waitFor();
    desk().fail(path('notes'), null);
    await page().keyboard.press('Enter');
    await page().locator('.note', { hasText: 'by you' }).waitFor();
    expect(asked(path('notes'))).toMatchObject([{ text: 'call her bank' }]);
  });

  test('ready-made texts are found by a slash and filled in; a suggestion goes into the reply and no further', async () => {
    await openAda();
    await thread().focus();
    await page().keyboard.press('/');
    await page().keyboard.type('ref');
    await page().keyboard.press('Enter');
    const reply = page().getByLabel('Reply to the customer');
    expect(await reply.inputValue()).toBe('Your refund is on its way, Ada Lindqvist. It takes three working days.');
    await reply.fill('');
    await page().keyboard.press('Escape');
    const answered = page().waitForResponse((response) => response.url().endsWith('/suggestion'));
    await page().keyboard.press('s');
    await answered;
    const { commandId } = asked(path('suggestion'))[0] as { commandId: string };
    const draft = { conversation: idOf('ada'), commandId, attempt: 1 };
    desk().tell({ type: 'suggestion.delta', ...draft, offset: 0, text: 'I am ' });
    await page().locator('.suggestion', { hasText: 'I am' }).waitFor();
    const sources = [{ title: 'Payment', url: 'https://shop.example/pay' }];
    desk().tell({ type: 'suggestion.ended', ...draft, text: 'I am on it.', sources });
    await page().locator('.suggestion').getByRole('link', { name: 'Payment' }).waitFor();
    await page().getByRole('button', { name: 'Put it into the reply' }).click();
    expect(await reply.inputValue()).toBe('I am on it.');
    expect(asked(path('messages'))).toEqual([]);
  });
});

describe('letting go', () => {
  test('resolves with an outcome and a note, by keyboard alone', async () => {
    await openAda();
    await thread().focus();
    await page().keyboard.press('e');
    await page().getByLabel('Goes on in a ticket').check();
    await page().keyboard.press('Tab');
    await page().keyboard.type('Payments has it');
    await page().keyboard.press('Control+Enter');
    await page().getByText('Choose a conversation').waitFor();
    expect(asked(path('release'))).toMatchObject([
      { how: 'resolve', outcome: 'ticketed', note: 'Payments has it', term: 2 },
    ]);
  });

  test('a transfer that came too late is said where it was asked for', async () => {
    await openAda();
    await thread().focus();
    await page().keyboard.press('t');
    await page().getByRole('combobox', { name: 'To which desk?' }).click();
    await page().getByRole('option', { name: 'Orders & delivery' }).click();
    desk().fail(path('release'), 409);
    await page().keyboard.press('Control+Enter');
    await page().getByRole('dialog').getByText('Somebody was faster').waitFor();
    desk().fail(path('release'), null);
    await page().keyboard.press('Control+Enter');
    await page().getByText('Choose a conversation').waitFor();
    expect(asked(path('release'))).toMatchObject([{ how: 'transfer', desk: 'orders' }]);
  });
});

describe('an approval', () => {
  test('is approved with other arguments, by the tool’s own labels', async () => {
    await open(`#/c/${idOf('barbara')}`);
    await page().getByRole('button', { name: 'Edit…' }).click();
    await page().getByLabel('Amount').fill('much');
    await page().getByRole('button', { name: 'Approve with these' }).click();
    await page().getByText('Enter a number.').waitFor();
    await page().getByLabel('Amount').fill('700');
    await page().getByRole('button', { name: 'Approve with these' }).click();
    await page().getByText('Being checked').waitFor();
    const sent = asked(path('approvals', 'barbara')) as { arguments: string; decision: string }[];
    expect(sent).toMatchObject([{ decision: 'approve', action: '2.1' }]);
    expect(JSON.parse(sent[0]?.arguments ?? '')).toEqual({
      orderNumber: '10311',
      amount: 700,
      to: 'Card ending in 4242',
    });
  });

  test('is refused with a reason', async () => {
    await open(`#/c/${idOf('barbara')}`);
    await page().getByRole('button', { name: 'Refuse…' }).click();
    await page().getByLabel('Why?').fill('Paid out yesterday');
    await page().keyboard.press('Control+Enter');
    await page().locator('.action', { hasText: 'Refused' }).waitFor();
    expect(asked(path('approvals', 'barbara'))).toMatchObject([{ decision: 'deny', reason: 'Paid out yesterday' }]);
  });
});

describe('the keys', () => {
  test('lead everywhere without a mouse, and can be turned off', async () => {
    await open();
    await page().keyboard.press('j');
    await page().locator('#thread-title', { hasText: 'Grace' }).waitFor();
    await page().keyboard.press('j');
    await page().locator('#thread-title', { hasText: 'Ada' }).waitFor();
    await page().keyboard.press('f');
    await page().getByRole('heading', { name: 'All desks' }).waitFor();
    await page().keyboard.press('Control+k');
    await page().locator('[role=dialog] input:focus').waitFor();
    await page().keyboard.type('busy');
    await page().locator('.mantine-Spotlight-action').nth(1).waitFor({ state: 'detached' });
    await page().keyboard.press('ArrowDown');
    await page().keyboard.press('Enter');
    await page().getByRole('button', { name: 'Your status: Busy' }).waitFor();
    expect(asked('status')).toEqual([{ status: 'busy' }]);
    await page().getByRole('dialog').waitFor({ state: 'detached' });
    await page().keyboard.press('?');
    await page().getByLabel('Single keys are commands while nobody writes').click();
    await page().keyboard.press('Escape');
    await page().getByRole('dialog').waitFor({ state: 'detached' });
    await page().keyboard.press('h');
    expect(page().url()).toContain('#/floor');
  });
});

describe('a supervisor', () => {
  test('sees all desks, switches one, and changes who is on', async () => {
    await open('#/floor');
    await page().locator('.desk-card', { hasText: 'Orders' }).getByText('Closed', { exact: true }).click();
    await page().getByText('The desk is switched').waitFor();
    await page().getByLabel('Status of Ola Nordmann').selectOption('online');
    await page().getByRole('button', { name: 'Reassign' }).first().click();
    await page().getByRole('combobox', { name: 'To one person?' }).click();
    await page()
      .getByRole('option', { name: /Jon Berg/ })
      .click();
    await page().keyboard.press('Control+Enter');
    await page().getByText('Reassigned').waitFor();
    expect(
      desk()
        .asked.filter((one) => one.path.startsWith('floor/'))
        .map(({ body }) => body),
    ).toMatchObject([{ to: 'closed' }, { status: 'online' }, { desk: 'returns', agent: 'jon' }]);
  });

  test('is who sees them: an agent does not', async () => {
    await open('#/floor', { me: sampleMe({ role: 'agent' }) });
    await page().getByText('My conversations').waitFor();
    expect(await page().getByText('All desks').count()).toBe(0);
  });
});

describe('what does not work', () => {
  test('is said in sentences, with a way on', async () => {
    await open();
    desk().fail(`conversations/${idOf('grace')}`, 503);
    await page().goto(`${desk().url}/console#/c/${idOf('grace')}`);
    await page().getByText('This conversation could not be opened').waitFor();
    expect(await axeFinds()).toEqual([]);
    desk().fail(`conversations/${idOf('grace')}`, null);
    await page().getByRole('button', { name: 'Try again' }).click();
    await page().locator('#thread-title', { hasText: 'Grace' }).waitFor();
    await page().goto(`${desk().url}/console#/c/${idOf('nobody')}`);
    await page().getByText('This is not there any more, or not yours to see.').waitFor();
  });

  test('a session that ended leads back to the way in', async () => {
    await open();
    desk().signOut();
    desk().tell({ type: 'changed', what: 'me' });
    await page().getByRole('button', { name: 'Sign in', exact: true }).waitFor();
  });
});
