import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Embedder } from '../../integrations/embeddings.ts';
import { type IntentClassifier, trainIntentClassifier } from '../../knowledge/understanding/intent.ts';
import { parseCsv } from './csv.ts';
import { rounded } from './rounding.ts';

export type IntentFigures = { full: number; tenShot: number; msPerMessage: number };

type Row = { intent: string; text: string; vector: Float32Array };

/** Draws of ten examples for each intent; their mean is reported, since one draw is up to a point better or worse. */
const DRAWS = 3;
const SHOTS = 10;
const TIMED = 300;

export const evaluateIntents = async (embedder: Embedder, folder: string): Promise<IntentFigures> => {
  const [train, test] = await Promise.all(
    ['train.csv', 'test.csv'].map((file) => readRows(embedder, join(folder, file))),
  );
  if (!train || !test) throw new Error(`${folder} must hold train.csv and test.csv`);
  const started = process.cpuUsage();
  const full = await trainIntentClassifier(train.map(({ intent, vector }) => ({ intent, vector })));
  console.log(`banking77: learning from ${train.length} rows took ${cpuMs(started).toFixed(0)} ms of CPU`);
  const tenShot: number[] = [];
  for (let draw = 0; draw < DRAWS; draw += 1)
    tenShot.push(accuracy(await trainIntentClassifier(drawn(train, draw)), test));
  console.log(`banking77: ${SHOTS} per intent, by draw: ${tenShot.map((value) => value.toFixed(4)).join(', ')}`);
  return {
    full: rounded(accuracy(full, test)),
    tenShot: rounded(tenShot.reduce((a, b) => a + b, 0) / DRAWS),
    msPerMessage: rounded(await timed(embedder, full, test)),
  };
};

const readRows = async (embedder: Embedder, file: string): Promise<Row[]> => {
  const [, ...rows] = parseCsv(await readFile(file, 'utf8'));
  const vectors = await embedder.embed(rows.map(([text = '']) => text));
  return rows.flatMap(([text = '', intent = ''], i) => (vectors[i] ? [{ intent, text, vector: vectors[i] }] : []));
};

/** Every `DRAWS`-th row of an intent, starting with another one for each draw. */
const drawn = (rows: readonly Row[], draw: number): Row[] => {
  const seen = new Map<string, number>();
  return rows.filter(({ intent }) => {
    const at = seen.get(intent) ?? 0;
    seen.set(intent, at + 1);
    return at % DRAWS === draw && at < DRAWS * SHOTS;
  });
};

const accuracy = (classify: IntentClassifier, rows: readonly Row[]): number =>
  rows.filter(({ intent, vector }) => classify(vector).best === intent).length / rows.length;

/** CPU of the whole process, so the embedder's thread counts too. */
const timed = async (embedder: Embedder, classify: IntentClassifier, rows: readonly Row[]): Promise<number> => {
  const some = rows.slice(0, TIMED);
  const started = process.cpuUsage();
  for (const { text } of some) {
    const [vector] = await embedder.embed([text]);
    if (vector) classify(vector);
  }
  return cpuMs(started) / some.length;
};

const cpuMs = (since: NodeJS.CpuUsage): number => {
  const { user, system } = process.cpuUsage(since);
  return (user + system) / 1_000;
};
