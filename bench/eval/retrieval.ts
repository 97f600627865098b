import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { Embedder } from '../../integrations/embeddings.ts';
import { createRetrieval, type Retrieval } from '../../knowledge/retrieval.ts';
import { syncKnowledge } from '../../knowledge/sync.ts';
import { createVectors } from '../../knowledge/vectors.ts';
import { loadPlaybook } from '../../playbook.ts';
import { createDatabase } from '../../store/database.ts';
import { createEmbeddings } from '../../store/embeddings.ts';
import { migrate } from '../../store/migrate.ts';
import { createPassages } from '../../store/passages.ts';
import { rounded } from './rounding.ts';
import { withPostgres } from './scratch-postgres.ts';

export type RetrievalFigures = { hitAt1: number; hitAt3: number; fullText: { hitAt1: number } };

const root = resolve(import.meta.dirname, '..', '..');
const asked = z.strictObject({ question: z.string(), article: z.string() });

/** Questions that a second article answers as well, found by reading the misses. They count as misses all the same. */
const alsoAnswered = z.strictObject({ question: z.string(), also: z.string() });

/** Passages looked at for the first three articles; several may be of one article. */
const PASSAGES = 12;

type Miss = { question: string; found: string[]; wanted: string };
type Hits = { at1: number; at3: number; misses: Miss[] };

export const evaluateRetrieval = (embedder: Embedder, verbose: boolean): Promise<RetrievalFigures> =>
  withPostgres(async (url) => {
    await migrate(url);
    const db = createDatabase(url, () => {});
    try {
      const loaded = await loadPlaybook(resolve(root, 'local', 'acme'));
      const passages = createPassages(db);
      await syncKnowledge(passages, loaded);
      const deps = { passages, embeddings: createEmbeddings(db) };
      const meaning = createRetrieval({ ...deps, vectors: createVectors(embedder, fail) });
      await meaning.refresh();
      const slugs = new Set(loaded.articles.map(({ slug }) => slug));
      const questions = await readLines('acme.jsonl', asked, ({ article }) => slugs.has(article));
      const ambiguous = await readLines('also-answered.jsonl', alsoAnswered, ({ also }) => slugs.has(also));
      const both = await hitsOf(meaning, questions, embedder);
      const words = await hitsOf(createRetrieval({ ...deps, vectors: createVectors(null, fail) }), questions, null);
      if (verbose)
        for (const { question, found, wanted } of both.misses)
          console.log(`  ${question} → ${found.join(', ')} (wanted ${wanted})`);
      const excused = both.misses.filter(({ question, found: [first] }) =>
        ambiguous.some((one) => one.question === question && one.also === first),
      );
      for (const { question, found, wanted } of excused)
        console.log(`retrieval, ambiguous: "${question}" is answered by ${found[0]} as well as by ${wanted}`);
      const lenient = rounded(both.at1 + excused.length / questions.length);
      console.log(`retrieval: hit@1 ${both.at1}; were the ambiguous ones hits, it would be ${lenient}`);
      console.log(`retrieval, full text alone: hit@1 ${words.at1}, hit@3 ${words.at3}`);
      return { hitAt1: both.at1, hitAt3: both.at3, fullText: { hitAt1: words.at1 } };
    } finally {
      await db.destroy();
    }
  });

const fail = (error: unknown): never => {
  throw error;
};

const readLines = async <T>(name: string, line: z.ZodType<T>, isKnown: (value: T) => boolean): Promise<T[]> => {
  const file = resolve(root, 'bench', 'questions', name);
  const values = (await readFile(file, 'utf8'))
    .split('\n')
    .filter(Boolean)
    .map((text) => line.parse(JSON.parse(text)));
  const unknown = values.find((value) => !isKnown(value));
  if (unknown) throw new Error(`${file}: there is no such article: ${JSON.stringify(unknown)}`);
  return values;
};

const hitsOf = async (
  retrieval: Retrieval,
  questions: z.infer<typeof asked>[],
  embedder: Embedder | null,
): Promise<Hits> => {
  let [first, third] = [0, 0];
  const misses: Miss[] = [];
  for (const { question, article } of questions) {
    const vector = (await embedder?.embed([question]))?.[0] ?? null;
    const { passages } = await retrieval.search({ text: question, vector }, 'en', PASSAGES);
    const articles = [...new Set(passages.map((passage) => passage.article))].slice(0, 3);
    if (articles[0] === article) first += 1;
    else misses.push({ question, found: articles, wanted: article });
    if (articles.includes(article)) third += 1;
  }
  return { at1: rounded(first / questions.length), at3: rounded(third / questions.length), misses };
};
