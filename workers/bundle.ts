import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** The workflow code as one script, 1 to 4 s of webpack. `NODE_ENV` and the clock do not change it. */
export const bundleWorkflows = async (): Promise<string> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: fileURLToPath(new URL(`../workflows/index${extension}`, import.meta.url)),
    logger: new DefaultLogger('WARN'),
  });
  return code;
};

/** The bundle that a build or the launcher left, else one made now. */
export const loadBundle = (file: string | undefined): Promise<string> =>
  file ? readFile(file, 'utf8') : bundleWorkflows();

/** Sources run as they are (`.ts`) in development and compiled (`.js`) in production. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
