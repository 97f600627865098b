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

/** Passages looked at for the first three articles; several may be of one article. */
const PASSAGES = 12;

type Hits = { at1: number; at3: number; wrong: string[] };

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
      const questions = await readQuestions(new Set(loaded.articles.map(({ slug }) => slug)));
      const both = await hitsOf(meaning, questions, embedder);
      const words = await hitsOf(createRetrieval({ ...deps, vectors: createVectors(null, fail) }), questions, null);
      if (verbose) for (const line of both.wrong) console.log(`  ${line}`);
      console.log(`retrieval, full text alone: hit@1 ${words.at1}, hit@3 ${words.at3}`);
      return { hitAt1: both.at1, hitAt3: both.at3, fullText: { hitAt1: words.at1 } };
    } finally {
      await db.destroy();
    }
  });

const fail = (error: unknown): never => {
  throw error;
};

const readQuestions = async (known: ReadonlySet<string>) => {
  const file = resolve(root, 'bench', 'questions', 'acme.jsonl');
  const lines = (await readFile(file, 'utf8')).split('\n').filter(Boolean);
  const questions = lines.map((line) => asked.parse(JSON.parse(line)));
  const unknown = questions.find(({ article }) => !known.has(article));
  if (unknown) throw new Error(`${file}: there is no article "${unknown.article}"`);
  return questions;
};

const hitsOf = async (
  retrieval: Retrieval,
  questions: z.infer<typeof asked>[],
  embedder: Embedder | null,
): Promise<Hits> => {
  let [first, third] = [0, 0];
  const wrong: string[] = [];
  for (const { question, article } of questions) {
    const vector = (await embedder?.embed([question]))?.[0] ?? null;
    const { passages } = await retrieval.search({ text: question, vector }, 'en', PASSAGES);
    const articles = [...new Set(passages.map((passage) => passage.article))].slice(0, 3);
    if (articles[0] === article) first += 1;
    else wrong.push(`${question} → ${articles.join(', ')} (wanted ${article})`);
    if (articles.includes(article)) third += 1;
  }
  return { at1: rounded(first / questions.length), at3: rounded(third / questions.length), wrong };
};
