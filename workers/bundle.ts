import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/**
 * The workflow code as one script, 1 to 4 s of webpack. Neither `NODE_ENV`, nor the clock, nor where `root` (the folder
 * that holds `workflows/` and `node_modules/`) is on the machine changes what it does.
 */
export const bundleWorkflows = async (root = here): Promise<string> => {
  const { code } = await bundleWorkflowCode({
    workflowsPath: join(root, 'workflows', `index${extension}`),
    workflowInterceptorModules: [join(root, 'workflows', `phantom-task${extension}`)],
    logger: new DefaultLogger('WARN'),
    // Modules are named by their path from here; without it, from wherever the process was started.
    webpackConfigHook: (config) => ({ ...config, context: root }),
  });
  return code;
};

/** The bundle that a build or the launcher left, else one made now. */
export const loadBundle = (file: string | undefined): Promise<string> =>
  file ? readFile(file, 'utf8') : bundleWorkflows();

/**
 * What tells two versions of the workflow code apart: 16 hexadecimal digits, the same on every machine. Left out is what the
 * machine adds: the source map names the folder of the build, and webpack orders modules by where its loaders lie.
 */
export const buildIdOf = (bundle: string): string => {
  const modules = bundle.replace(/^\/\/# sourceMappingURL=.*$/m, '').split(/^\/\*{3}\/ "/m);
  return createHash('sha256').update(modules.sort().join('')).digest('hex').slice(0, 16);
};

/** Sources run as they are (`.ts`) in development and compiled (`.js`) in production. */
const extension = import.meta.url.endsWith('.ts') ? '.ts' : '.js';
const here = fileURLToPath(new URL('..', import.meta.url));
