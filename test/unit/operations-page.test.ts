import { readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { Registry } from 'prom-client';
import { searchAttributes } from '../../contracts/search-attributes.ts';
import { createMetrics } from '../../gateway/metrics.ts';
import { createWorkerMetrics } from '../../workers/metrics.ts';

const page = readFileSync('docs/operations.md', 'utf8');

/** Names like these in the first column of the page's tables. */
const listed = (pattern: RegExp) =>
  page
    .split('\n')
    .filter((line) => line.startsWith('| '))
    .flatMap((line) => [...(line.split('|')[1] ?? '').matchAll(pattern)].map(([name]) => name))
    .sort();

test('the page lists every metric of ours, and none that is not there', async () => {
  const gateway = new Registry();
  createMetrics(gateway);
  const { registry: worker } = createWorkerMetrics();
  const ours = [gateway, worker]
    .flatMap((registry) => registry.getMetricsAsArray().map(({ name }) => name))
    .filter((name) => name.startsWith('duradesk_'));
  // Metrics also stand in the table of what to do, where they are part of a sentence.
  expect([...new Set(listed(/duradesk_\w+/g))]).toEqual(ours.sort());
});

test('the page lists every search attribute, and none that is not there', () => {
  expect([...new Set(listed(/\bDesk[A-Z]\w+/g))]).toEqual(
    Object.values(searchAttributes)
      .map(({ name }) => name)
      .sort(),
  );
});
