import { describe, expect, test } from '@jest/globals';
import type { Script } from '../doubles/scripted-conversation.ts';
import { createMoment, useCustomerPage } from './customer-page.ts';

const { page, answers, open, say, answered, goAway, axeFinds } = useCustomerPage();

const question = 'Where is my order 1042?';

/** Looks the order up until `found` comes, and is in the middle of a sentence until `rest` comes. */
const orderAnswer = () => {
  const found = createMoment();
  const rest = createMoment();
  const script: Script = () => [
    { tool: 'find_order', title: 'Looking up your order', takes: found.come },
    { say: 'A try that broke off' },
    { startOver: true },
    { say: 'Order **1042** is ' },
    { wait: rest.come },
    { say: 'on its way:\n\n1. packed\n2. sent, see [tracking](https://post.example/1042)' },
    {
      end: 'final',
      sources: [
        { title: 'Shipping', url: 'https://shop.example/shipping' },
        { title: 'A trap', url: 'javascript:document.title=1' },
      ],
    },
  ];
  return { script, found, rest };
};

const hostile = [
  '<img src="https://evil.example/pixel" onerror="document.title=1">',
  '<script>document.title = "hijacked"</script>',
  '![pixel](https://evil.example/pixel.png)',
  '[click me](javascript:document.title=1)',
].join('\n\n');

describe('an answer', () => {
  test('streams, says what it looks up, and ends with its sources', async () => {
    const { script, found, rest } = orderAnswer();
    answers(script);
    await open();
    await say(question);
    await page().getByText('Looking up your order…').waitFor();
    found.comes();
    await page().locator('.streaming strong', { hasText: '1042' }).waitFor();
    expect(await page().locator('.streaming .bubble').textContent()).toBe('Order 1042 is ');
    rest.comes();
    await answered(1);
    expect(await page().locator('.settled ol li').allInnerTexts()).toEqual(['packed', 'sent, see tracking']);
    expect(await page().locator('.working').textContent()).toBe('');
    const links = await page()
      .locator('.message a')
      .evaluateAll((all) => all.map((a) => ['href', 'target', 'rel'].map((of) => a.getAttribute(of))));
    expect(links).toEqual([
      ['https://post.example/1042', '_blank', 'noopener noreferrer'],
      ['https://shop.example/shipping', '_blank', 'noopener noreferrer'],
    ]);
    expect(await page().locator('.sources li').allInnerTexts()).toEqual(['Shipping', 'A trap']);
  });

  test('is heard once, whole, by one polite region, and the log itself is silent', async () => {
    const { script, found, rest } = orderAnswer();
    answers(script);
    await open();
    expect(await page().locator('[aria-live]:not([aria-live=off]), [role=status], [role=alert]').count()).toBe(1);
    expect(await page().locator('[role=log]').getAttribute('aria-live')).toBe('off');
    await say(question);
    found.comes();
    await page().locator('.streaming').waitFor();
    expect(await page().locator('#announcer').textContent()).toBe('');
    rest.comes();
    await answered(1);
    expect(await page().locator('#announcer p').allTextContents()).toEqual([
      'Order 1042 is on its way: packed, sent, see tracking',
    ]);
    await page().reload();
    await answered(1);
    expect(await page().locator('#announcer').textContent()).toBe('');
  });

  test('that is hostile stays text: no element, no request, no script', async () => {
    answers(() => [{ say: hostile }]);
    await open();
    await say('<b>bold?</b> **bold?**');
    await answered(1);
    const answer = page().locator('.assistant.settled .bubble');
    expect(await answer.textContent()).toContain('<img src="https://evil.example/pixel" onerror="document.title=1">');
    expect(await page().locator('#log img, #log script, #log iframe, #log [onerror]').count()).toBe(0);
    expect(await answer.locator('a').evaluateAll((all) => all.map((a) => a.getAttribute('href')))).toEqual([
      'https://evil.example/pixel',
      'https://evil.example/pixel.png',
    ]);
    expect(await page().title()).toBe('Fjell & Fjord');
    expect(await page().locator('.message.customer .bubble').textContent()).toBe('<b>bold?</b> **bold?**');
  });
});

describe.each([
  ['on a desktop', { viewport: { width: 1200, height: 800 } }],
  ['on a phone', { viewport: { width: 360, height: 720 }, hasTouch: true, isMobile: true }],
  ['on a narrow screen', { viewport: { width: 320, height: 560 } }],
  ['in the dark', { viewport: { width: 1200, height: 800 }, colorScheme: 'dark' as const }],
])('%s', (_, options) => {
  test('everything fits, and axe finds nothing', async () => {
    const { script, found, rest } = orderAnswer();
    answers(script);
    await open(options);
    await say(question);
    await page().getByText('Looking up your order…').waitFor();
    expect(await axeFinds()).toEqual([]);
    found.comes();
    rest.comes();
    await answered(1);
    await say('Averylongwordthatneverends'.repeat(8));
    await answered(2);
    await goAway();
    await say('waiting');
    await page().fill('#text', 'x'.repeat(3_900));
    expect(await axeFinds()).toEqual([]);
    expect(await page().evaluate('document.documentElement.scrollWidth - innerWidth')).toBeLessThanOrEqual(0);
    expect(await page().evaluate('log.scrollWidth - log.clientWidth')).toBeLessThanOrEqual(0);
  });
});
