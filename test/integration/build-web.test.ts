import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { buildWeb } from '../../web/build.ts';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'duradesk-web-'));
});

afterEach(() => rm(folder, { recursive: true }));

test('the page names files that are there, under names that change with their content, and nothing inline', async () => {
  const files = await buildWeb(folder);
  const page = await readFile(join(folder, 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\.\/([^"]+)"/g)].map(([, name]) => name ?? '');
  expect(named).toHaveLength(4);
  for (const name of named) {
    expect(name).toMatch(/^assets\/[a-z]+-[A-Z0-9]{8}\.(js|css|svg)$/);
    expect(files.map((file) => file.name)).toContain(name);
  }
  expect(page).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son[a-z]+=/);
});

test('the console names files under its own address, and nothing inline', async () => {
  const files = await buildWeb(folder);
  const page = await readFile(join(folder, 'console', 'index.html'), 'utf8');
  const named = [...page.matchAll(/(?:src|href)="\/([^"]+)"/g)].map(([, name]) => name ?? '');
  expect(named).toHaveLength(3);
  for (const name of named) {
    expect(name).toMatch(/^console\/assets\/[a-z]+-[A-Z0-9]{8}\.(js|css|svg)$/);
    expect(files.map((file) => file.name)).toContain(name);
  }
  expect(page).not.toMatch(/<style|style=|<script(?![^>]*src=)|\son[a-z]+=/);
});

test('the console brings no schema library along, and stays below its size', async () => {
  const files = await buildWeb(folder);
  const script = files.find(({ name }) => /^console\/.*\.js$/.test(name));
  expect(script?.gzipBytes).toBeLessThan(240 * 1024);
  expect(await readFile(join(folder, script?.name ?? ''), 'utf8')).not.toMatch(/invalid_type|ZodError/);
});

test('the script is small and brings no schema library along', async () => {
  const files = await buildWeb(folder);
  const script = files.find(({ name }) => name.endsWith('.js'));
  expect(script?.gzipBytes).toBeLessThan(20 * 1024);
  expect(await readFile(join(folder, script?.name ?? ''), 'utf8')).not.toMatch(/zod|invalid_type/i);
});

test('a build takes the place of the one before', async () => {
  await buildWeb(folder);
  const before = await readdir(join(folder, 'assets'));
  await writeFile(join(folder, 'assets', 'main-OUTDATED.js'), '');
  await buildWeb(folder);
  expect(await readdir(join(folder, 'assets'))).toEqual(before);
});

test('two builds at the same time leave one page, whole', async () => {
  const [first, second] = await Promise.all([buildWeb(folder), buildWeb(folder)]);
  expect(first).toEqual(second);
  const written = await Promise.all(first.map(({ name }) => readFile(join(folder, name))));
  expect(written.map(({ length }) => length)).toEqual(first.map(({ bytes }) => bytes));
});
