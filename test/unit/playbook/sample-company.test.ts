import { beforeAll, describe, expect, test } from '@jest/globals';
import type { LoadedPlaybook } from '../../../contracts/playbook.ts';
import { inLanguage, sentence } from '../../../contracts/playbook.ts';
import { loadPlaybook } from '../../../playbook.ts';

let company: LoadedPlaybook;
beforeAll(async () => {
  company = await loadPlaybook('local/acme');
});

describe('the sample company', () => {
  test('has 40 and more distinct articles of 120 to 300 words with headings', () => {
    const { articles } = company;
    expect(articles.length).toBeGreaterThanOrEqual(42);
    expect(new Set(articles.map(({ title }) => title)).size).toBe(articles.length);
    for (const { slug, url, body } of articles) {
      expect(url).toBe(`https://fernhill.example/help/${slug}`);
      const words = body.split(/\s+/).length;
      expect([slug, words >= 120 && words <= 300]).toEqual([slug, true]);
      expect([slug, (body.match(/^## /gm) ?? []).length >= 2]).toEqual([slug, true]);
    }
  });

  test('speaks five languages, each sentence different from the English one', () => {
    const { playbook } = company;
    expect(playbook.assistant.languages).toEqual(['en', 'de', 'fr', 'es', 'pt']);
    const { en } = playbook.sentences;
    for (const [code, own] of Object.entries(playbook.sentences)) {
      expect(Object.keys(own)).toEqual(Object.keys(en ?? {}));
      if (code !== 'en') for (const text of Object.values(own)) expect(Object.values(en ?? {})).not.toContain(text);
    }
  });

  test('has no example that stands for two intents', () => {
    const examples = company.playbook.intents.flatMap((intent) => intent.examples.map((text) => text.toLowerCase()));
    expect(new Set(examples).size).toBe(examples.length);
  });
});

describe('texts by language', () => {
  test('a sentence falls back to the default language', () => {
    expect(sentence(company.playbook, 'slow', 'de')).toBe('Das dauert länger als sonst. Ich bin noch dabei.');
    expect(sentence(company.playbook, 'slow', 'it')).toBe('This takes longer than usual. I am still on it.');
    expect(sentence(company.playbook, 'slow', 'constructor')).toBe('This takes longer than usual. I am still on it.');
  });

  test('a title may be one text or one per language', () => {
    expect(inLanguage('Orders', 'de', 'en')).toBe('Orders');
    expect(inLanguage({ en: 'Orders', de: 'Bestellungen' }, 'de', 'en')).toBe('Bestellungen');
    expect(inLanguage({ en: 'Orders', de: 'Bestellungen' }, 'constructor', 'en')).toBe('Orders');
  });
});
