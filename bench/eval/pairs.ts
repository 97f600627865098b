import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { cosine, type Embedder } from '../../integrations/embeddings.ts';
import { matchOf, questionOf } from '../../knowledge/answer-cache/match.ts';
import { rounded } from './rounding.ts';

export type PairFigures = { precision: number; recall: number };

const pair = z.object({ a: z.string(), b: z.string(), duplicate: z.boolean() });
type Pair = z.infer<typeof pair>;
type Judged = Pair & { served: boolean; closeness: number };

/** The least cosine beside the guards; what the answer cache itself asks is in `knowledge/answer-cache/match.ts`. */
const CURVE = [0, 0.8, 0.85, 0.9, 0.92, 0.94, 0.96, 0.98];

export const evaluatePairs = async (embedder: Embedder, folder: string, verbose: boolean): Promise<PairFigures> => {
  const lines = (await readFile(join(folder, 'pairs.jsonl'), 'utf8')).split('\n').filter(Boolean);
  const pairs = lines.map((line) => pair.parse(JSON.parse(line)));
  const vectors = await embedder.embed(pairs.flatMap(({ a, b }) => [a, b]));
  const judged = pairs.map((asked, i): Judged => {
    const [a, b] = [vectors[2 * i] ?? null, vectors[2 * i + 1] ?? null];
    const served = matchOf(questionOf(asked.a, a), questionOf(asked.b, b)) !== null;
    return { ...asked, served, closeness: a && b ? cosine(a, b) : 0 };
  });
  console.log('question pairs, by the least cosine: guarded precision/recall · cosine alone');
  for (const least of CURVE) {
    const close = ({ closeness }: Judged) => closeness >= least;
    console.log(`  ${least.toFixed(2)}  ${shown(judged, (one) => one.served && close(one))} · ${shown(judged, close)}`);
  }
  if (verbose)
    for (const { a, b, served, duplicate } of judged) if (served && !duplicate) console.log(`  false: ${a} | ${b}`);
  return figuresOf(judged, ({ served }) => served);
};

const figuresOf = (pairs: readonly Judged[], served: (one: Judged) => boolean): PairFigures => {
  const hits = pairs.filter(served);
  const right = hits.filter(({ duplicate }) => duplicate).length;
  const all = pairs.filter(({ duplicate }) => duplicate).length;
  return { precision: rounded(right / Math.max(1, hits.length)), recall: rounded(right / Math.max(1, all)) };
};

const shown = (pairs: readonly Judged[], served: (one: Judged) => boolean): string => {
  const { precision, recall } = figuresOf(pairs, served);
  return `${precision.toFixed(3)}/${recall.toFixed(3)}`;
};
