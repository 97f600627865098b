import { join, resolve } from 'node:path';
import { build } from 'esbuild';

const root = resolve(import.meta.dirname, '../..');

/** What finds files beside itself, or native code, stays where it is. */
const APART = ['@temporalio/*', '@apidevtools/*', '@huggingface/*', 'esbuild', 'onnxruntime-node', 'pg'];

/**
 * The worker's program and most of its packages in one file: a start takes 1.3 s of CPU instead of 3.9. It lies among the
 * packages, which it could not find from elsewhere. Resolves with its path.
 */
export const bundleWorker = async (): Promise<string> => {
  const outfile = join(root, 'node_modules', '.cache', 'duradesk', 'worker.mjs');
  await build({
    ...{ entryPoints: [join(root, 'workers', 'main.ts')], outfile, external: APART, logLevel: 'error' },
    ...{ bundle: true, platform: 'node', format: 'esm' },
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  return outfile;
};
