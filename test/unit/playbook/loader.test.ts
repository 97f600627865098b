import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { loadPlaybook, PlaybookError } from '../../../playbook.ts';

const SAMPLE = 'local/acme';
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'playbook-'));
  await cp(`${SAMPLE}/playbook.yaml`, join(folder, 'playbook.yaml'));
  await cp(`${SAMPLE}/knowledge`, join(folder, 'knowledge'), { recursive: true });
});
afterEach(() => rm(folder, { recursive: true }));

/** Changes a text of `playbook.yaml` and resolves with the line it stood on. */
const change = async (from: string, to: string): Promise<number> => {
  const file = join(folder, 'playbook.yaml');
  const text = await readFile(file, 'utf8');
  const at = text.indexOf(from);
  if (at < 0) throw new Error(`the sample playbook does not hold ${from}`);
  await writeFile(file, text.replace(from, to));
  return text.slice(0, at).split('\n').length;
};

/** The loader's complaint, without the temporary folder's name. */
const complaint = async (): Promise<string> => {
  const error = await loadPlaybook(folder).catch((error: unknown) => error);
  if (!(error instanceof PlaybookError)) throw new Error(`expected a PlaybookError, got ${String(error)}`);
  return error.message.replaceAll(`${folder}/`, '');
};

describe('a good playbook', () => {
  test('has parsed values and its articles', async () => {
    const { playbook, articles } = await loadPlaybook(folder);
    expect(playbook.sla).toEqual({ firstReply: 120_000, nextReply: 300_000, resolution: 28_800_000 });
    expect(playbook.hours.week.saturday).toEqual([{ from: 600, to: 840 }]);
    expect(playbook.hours.week.sunday).toEqual([]);
    const article = articles.find(({ slug }) => slug === 'returns-policy');
    expect(article).toMatchObject({
      title: 'Returns policy: 60 or 30 days',
      url: 'https://fernhill.example/help/returns-policy',
      language: 'en',
      tags: ['returns'],
    });
    expect(article?.body).toMatch(/^If something is not right/);
  });

  test('keeps its version in another folder, and changes it with any byte of settings or articles', async () => {
    const { version } = await loadPlaybook(folder);
    expect(version).toMatch(/^[0-9a-f]{16}$/);
    expect((await loadPlaybook(SAMPLE)).version).toBe(version);
    const article = join(folder, 'knowledge/vat.md');
    await writeFile(article, `${await readFile(article, 'utf8')} `);
    const changed = (await loadPlaybook(folder)).version;
    expect(changed).not.toBe(version);
    await change('warnAfter: 15m', 'warnAfter: 16m');
    expect((await loadPlaybook(folder)).version).not.toBe(changed);
  });
});

test('a file that describes an API belongs to the version, and must be there', async () => {
  await change('providers:\n', 'providers:\n  - name: api\n    openapi: { document: api.yaml, operations: [x] }\n');
  expect(await complaint()).toBe('DESK_PLAYBOOK: api.yaml cannot be read');
  await writeFile(join(folder, 'api.yaml'), 'openapi: 3.1.0');
  const { version } = await loadPlaybook(folder);
  await writeFile(join(folder, 'api.yaml'), 'openapi: 3.1.1');
  expect((await loadPlaybook(folder)).version).not.toBe(version);
});

describe('a wrong playbook names file, line, path and what to do', () => {
  test.each([
    ['firstReply: 2m', 'firstReply: soon', '"sla.firstReply" must be a duration like 2m'],
    ['nextReply: 5m', 'nextReply: 5', '"sla.nextReply" must be a duration like 2m'],
    ['nextReply: 5m', 'nextReply: 0m', '"sla.nextReply" must be a duration like 2m'],
    ['version: 1', 'version: 2', '"version" must be 1'],
    ['name: Robin', 'nmae: Robin', '"assistant.nmae" is no setting here; look for a misspelling'],
    ['timezone: Europe/Dublin', 'timezone: Dublin', '"company.timezone" must be a time zone like Europe/Dublin'],
    [
      'url: https://fernhill',
      'url: ftp://fernhill',
      '"company.url" must be an address starting with https:// or http://',
    ],
    [
      'saturday: ["10:00-14:00"]',
      'saturday: ["14:00-10:00"]',
      '"hours.week.saturday[0]" must be a span of one day like 09:00-13:00',
    ],
    [
      'saturday: ["10:00-14:00"]',
      'saturday: ["10:00-14:00", "13:00-15:00"]',
      '"hours.week.saturday" must list its spans in order and without overlap',
    ],
    ['{ date: 12-25,', '{ date: 02-30,', '"hours.holidays[4].date" is no date of the calendar'],
    ['toolCallsPerTurn: 6', 'toolCallsPerTurn: 6.5', '"budgets.toolCallsPerTurn" must be a whole number'],
    ['toolCallsPerTurn: 6', 'toolCallsPerTurn: 51', '"budgets.toolCallsPerTurn" must be at most 50'],
    ['name: Fernhill Outfitters', 'name: ""', '"company.name" is empty'],
    ['name: Fernhill Outfitters', 'name: 12', '"company.name" must be a text; put quotes around it'],
    ['use: verified', 'use: anyone', '"tools[0].use" must be verified, since customer.id is injected'],
    ['use: verified', 'use: nobody', '"tools[0].use" must be anyone or verified'],
    [
      'customerId: customer.id',
      'customerId: customer',
      '"tools[0].inject.customerId" must be customer.id, conversation.id, effect.key or { value: … }',
    ],
    ['- provider: shop', '- provider: shpo', '"tools[0].provider" must be the name of one of providers'],
    ['- name: shop', '- name: desk', `"providers[0].name" must be another: the desk's own tools have this name`],
    [
      '- name: shop\n',
      '- name: shop\n    openapi: { document: a.yaml, operations: [x] }\n',
      '"providers[0]" must have one of mcp and openapi',
    ],
    [
      'mcp:\n',
      'openapi: { document: ../a.yaml, operations: [x] }\n    mcp:\n',
      '"providers[0].openapi.document" must be a file of this folder like shop-api.yaml, or an address',
    ],
    ['defaultLanguage: en', 'defaultLanguage: it', '"assistant.defaultLanguage" must be one of assistant.languages'],
    ['desk: gear', 'desk: boots', '"intents[8].desk" must be the name of one of desks'],
    ['intents: [complaint]', 'intents: [lament]', '"handoff.intents[0]" must be the name of one of intents'],
    ['idleClosed: Fechei', 'idleClose: Fechei', '"sentences.pt.idleClose" is no setting here; look for a misspelling'],
    [
      '  pt:\n    greeting',
      '  Portuguese:\n    greeting',
      '"sentences.Portuguese" must be a language like en or pt-BR',
    ],
    ['closeAfter: 30m', 'closeAfter: 15m', '"idle.closeAfter" must be longer than idle.warnAfter'],
  ])('%s → %s', async (from, to, expected) => {
    const line = await change(from, to);
    expect((await complaint()).split('\n')).toContain(`DESK_PLAYBOOK: playbook.yaml:${line} ${expected}`);
  });

  test('a sentence that one language lacks, at that language', async () => {
    await change('    slow: Está tardando más de lo habitual. Sigo en ello.\n', '');
    const line = await change('  es:\n    greeting', '  es:\n    greeting');
    expect(await complaint()).toBe(`DESK_PLAYBOOK: playbook.yaml:${line} "sentences.es.slow" is missing`);
  });

  test('a language without sentences, and sentences in no language of the assistant', async () => {
    await change('languages: [en, de, fr, es, pt]', 'languages: [en, de, fr, es, it]');
    const lines = (await complaint()).split('\n');
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/"sentences.it" is missing: assistant.languages lists it$/);
    expect(lines[1]).toMatch(/"sentences.pt" is no language of assistant.languages$/);
  });

  test('everything at once, one line per problem, settings and articles', async () => {
    await change('firstReply: 2m', 'firstReply: soon');
    await change('greeting: Hello', 'greetings: Hello');
    await writeFile(join(folder, 'knowledge/vat.md'), '---\ntitle: VAT\nauthor: me\n---\n\nText.\n');
    const lines = (await complaint()).split('\n');
    expect(lines.map((line) => line.replace(/:\d+ /, ':N '))).toEqual([
      'DESK_PLAYBOOK: playbook.yaml:N "sla.firstReply" must be a duration like 2m',
      'DESK_PLAYBOOK: playbook.yaml:N "sentences.en.greeting" is missing',
      'DESK_PLAYBOOK: playbook.yaml:N "sentences.en.greetings" is no setting here; look for a misspelling',
      'DESK_PLAYBOOK: knowledge/vat.md:N "author" is no setting here; look for a misspelling',
    ]);
    expect(lines[3]).toContain('vat.md:3 ');
  });

  test.each([
    ['broken YAML', 'name: Robin', 'name: "Robin', /^DESK_PLAYBOOK: playbook\.yaml:\d+ Missing closing "quote/],
    ['a key twice', 'name: Robin', 'name: Robin\n  name: Robin', /playbook\.yaml:11 Map keys must be unique/],
    ['an alias without an anchor', 'name: Robin', 'name: *robin', /playbook\.yaml:\d+ Unresolved alias.*robin/],
  ])('%s', async (_what, from, to, expected) => {
    await change(from, to);
    expect(await complaint()).toMatch(expected);
  });

  test('an empty file', async () => {
    await writeFile(join(folder, 'playbook.yaml'), '');
    expect(await complaint()).toBe('DESK_PLAYBOOK: playbook.yaml:1 must be a block of settings');
  });
});

describe('wrong articles', () => {
  test.each([
    ['no front matter', 'Just text.', 'vat.md:1 must start with front matter between two lines of ---'],
    ['no title', '---\nurl: https://fernhill.example/x\n---\nText.', 'vat.md:2 "title" is missing'],
    ['no text', '---\ntitle: VAT\n---\n\n', 'vat.md:1 has no text below its front matter'],
    ['a NUL', '---\ntitle: VAT\n---\nTe\0xt.', 'vat.md:1 holds a NUL'],
    [
      'a script for an address',
      '---\ntitle: VAT\nurl: javascript:alert(1)\n---\nText.',
      'vat.md:3 "url" must be an address',
    ],
    [
      'a language that is not spoken',
      '---\ntitle: VAT\nlanguage: it\n---\nText.',
      'vat.md:2 "language" must be one of',
    ],
  ])('%s', async (_what, text, expected) => {
    await writeFile(join(folder, 'knowledge/vat.md'), text);
    expect(await complaint()).toContain(`DESK_PLAYBOOK: knowledge/${expected}`);
  });

  test('bytes that are no UTF-8', async () => {
    await writeFile(join(folder, 'knowledge/vat.md'), Buffer.from([0x2d, 0xff]));
    expect(await complaint()).toBe('DESK_PLAYBOOK: knowledge/vat.md must be UTF-8 text');
  });

  test('a file that would be left out unseen', async () => {
    await writeFile(join(folder, 'knowledge/Returns Policy.txt'), 'x');
    expect(await complaint()).toBe('DESK_PLAYBOOK: knowledge/Returns Policy.txt must be named like returns-policy.md');
  });

  test('no folder at all', async () => {
    await rm(join(folder, 'knowledge'), { recursive: true });
    expect(await complaint()).toMatch(/knowledge cannot be read/);
  });
});
