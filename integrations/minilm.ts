import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type Embedder, EmbedderUnavailable } from './embeddings.ts';

type Answer = { id: number; vectors?: Float32Array[]; error?: string };
type Waiting = { resolve: (vectors: Float32Array[]) => void; reject: (error: Error) => void };

/** Texts that go to the thread at once, so that a customer's question waits for at most four passages of a sync. */
const BATCH = 4;

export type LocalEmbedder = Embedder & { close(): Promise<void> };

/**
 * all-MiniLM-L6-v2 in a thread of this process: 384 dimensions, English, about 6 ms of one core for a short question and
 * 250 MB of memory. `folder` holds `model.onnx` and `tokenizer.json`.
 *
 * Rejects with `EmbedderUnavailable` when the files or the runtime cannot be loaded.
 */
export const createMiniLm = async (folder: string): Promise<LocalEmbedder> => {
  const worker = new Worker(program, { eval: true, workerData: { folder }, execArgv: [] });
  const waiting = new Map<number, Waiting>();
  let gone: EmbedderUnavailable | undefined;
  let last = 0;

  const end = (reason: unknown) => {
    gone ??= new EmbedderUnavailable(
      `MiniLM's thread ended: ${reason instanceof Error ? reason.message : reason}; restart the worker, or unset DESK_EMBEDDINGS`,
    );
    for (const { reject } of waiting.values()) reject(gone);
    waiting.clear();
  };
  worker.on('error', end);
  worker.on('exit', (code) => end(`exit code ${code}`));
  try {
    await once(worker, 'message');
  } catch (error) {
    throw new EmbedderUnavailable(
      `MiniLM cannot be loaded from ${folder}: ${error instanceof Error ? error.message : error}`,
      { cause: error },
    );
  }
  worker.on('message', ({ id, vectors, error }: Answer) => {
    const asker = waiting.get(id);
    waiting.delete(id);
    if (waiting.size === 0) worker.unref();
    if (vectors) asker?.resolve(vectors);
    else asker?.reject(new EmbedderUnavailable(`MiniLM could not read a text: ${error}`));
  });
  // The process may end while the thread waits for work, not while somebody waits for the thread.
  worker.unref();

  const ask = (texts: readonly string[]): Promise<Float32Array[]> =>
    new Promise((resolve, reject) => {
      if (gone) return reject(gone);
      last += 1;
      waiting.set(last, { resolve, reject });
      worker.ref();
      worker.postMessage({ id: last, texts });
    });

  return {
    name: 'all-MiniLM-L6-v2-int8',
    async embed(texts, signal) {
      const vectors: Float32Array[] = [];
      for (let at = 0; at < texts.length; at += BATCH) {
        signal?.throwIfAborted();
        vectors.push(...(await ask(texts.slice(at, at + BATCH))));
      }
      return vectors;
    },
    async close() {
      await worker.terminate();
    },
  };
};

/** A thread does not inherit the loader of the sources (tsx 4.23 on Node.js 20); an image holds the compiled file. */
const program = import.meta.url.endsWith('.js')
  ? `import(${JSON.stringify(new URL('./minilm-thread.js', import.meta.url).href)})`
  : `import('tsx/esm/api').then(({ tsImport }) =>
      tsImport(${JSON.stringify(new URL('./minilm-thread.ts', import.meta.url).href)}, ${JSON.stringify(import.meta.url)}))`;
