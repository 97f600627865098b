import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { expect, test } from '@jest/globals';
import { z } from 'zod';
import { createRetrieval } from '../../../knowledge/retrieval.ts';
import { syncKnowledge } from '../../../knowledge/sync.ts';
import { createVectors } from '../../../knowledge/vectors.ts';
import { loadPlaybook } from '../../../playbook.ts';
import { createEmbeddings } from '../../../store/embeddings.ts';
import { createPassages } from '../../../store/passages.ts';
import { freshDatabase } from '../../database.ts';

const root = resolve(import.meta.dirname, '..', '..', '..');

test("in memory the sample company's passages are ranked by words as in Postgres, ways to ask and all", async () => {
  const database = await freshDatabase();
  try {
    const passages = createPassages(database.db);
    const loaded = await loadPlaybook(join(root, 'local', 'acme'));
    await syncKnowledge(passages, loaded);
    const retrieval = createRetrieval({
      passages: { ...passages, search: () => Promise.reject(new Error('Postgres is not to be asked')) },
      embeddings: createEmbeddings(database.db),
      vectors: createVectors(null, () => {}),
    });
    await retrieval.refresh();
    const lines = await readFile(join(root, 'bench', 'questions', 'acme.jsonl'), 'utf8');
    const questions = lines.trim().split('\n');
    expect(questions).toHaveLength(200);
    for (const text of questions.map((line) => z.object({ question: z.string() }).parse(JSON.parse(line)).question)) {
      const { passages: found } = await retrieval.search({ text, vector: null }, 'en', 4);
      expect([text, found]).toEqual([text, await passages.search(text, 'en', 4)]);
    }
  } finally {
    await database.close();
  }
});
