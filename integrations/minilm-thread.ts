import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parentPort, workerData } from 'node:worker_threads';
import * as tokenizers from '@huggingface/tokenizers';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { z } from 'zod';
import { toUnit } from './embeddings.ts';

/** What the model was trained to read; longer texts are cut. */
const MAX_TOKENS = 256;
const SIZE = 384;

/** Runs in a thread of its own: a passage takes 10 to 60 ms, for which no customer's stream may stand still. */
const { folder } = z.object({ folder: z.string() }).parse(workerData);
/** The package's declarations do not resolve in ESM, so they are stated here. */
type Tokenizer = { encode(text: string): { ids: number[] } };
const { Tokenizer } = z
  .object({
    Tokenizer: z.custom<new (file: unknown, config: object) => Tokenizer>((made) => typeof made === 'function'),
  })
  .parse(tokenizers);
const tokenizer = new Tokenizer(JSON.parse(await readFile(join(folder, 'tokenizer.json'), 'utf8')), {});
const session = await InferenceSession.create(join(folder, 'model.onnx'), {
  intraOpNumThreads: 1,
  interOpNumThreads: 1,
  executionMode: 'sequential',
  logSeverityLevel: 3,
});

const idsOf = (text: string): number[] => {
  const { ids } = tokenizer.encode(text);
  return ids.length <= MAX_TOKENS ? ids : [...ids.slice(0, MAX_TOKENS - 1), ids.at(-1) ?? 0];
};

/**
 * One text per run: on one core a padded batch of 8 costs as much per text as 8 runs (measured 10.2 and 10.1 ms), and a
 * text's vector then does not depend on its neighbours.
 */
const embed = async (text: string): Promise<Float32Array> => {
  const ids = idsOf(text);
  const shape = [1, ids.length];
  const int64 = (values: number[]) => new Tensor('int64', BigInt64Array.from(values, BigInt), shape);
  const outputs = await session.run({
    input_ids: int64(ids),
    attention_mask: int64(ids.map(() => 1)),
    token_type_ids: int64(ids.map(() => 0)),
  });
  const hidden = outputs.last_hidden_state?.data;
  if (!(hidden instanceof Float32Array)) throw new Error('model.onnx has no float output named last_hidden_state');
  const mean = new Float32Array(SIZE);
  for (let i = 0; i < hidden.length; i += 1) mean[i % SIZE] = (mean[i % SIZE] ?? 0) + (hidden[i] ?? 0);
  return toUnit(mean);
};

// One at a time, in the order of asking; the thread's inbox is the queue.
let before: Promise<void> = Promise.resolve();
parentPort?.on('message', ({ id, texts }: { id: number; texts: string[] }) => {
  before = before.then(async () => {
    try {
      const vectors: Float32Array[] = [];
      for (const text of texts) vectors.push(await embed(text));
      parentPort?.postMessage({ id, vectors });
    } catch (error) {
      parentPort?.postMessage({ id, error: error instanceof Error ? error.message : String(error) });
    }
  });
});
parentPort?.postMessage({ ready: true });
