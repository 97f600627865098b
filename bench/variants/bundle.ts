import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, DefaultLogger } from '@temporalio/worker';

/** Entry of a short process: writes the workflow code of the variants, as one script, to the file it is given. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: bundle.ts <file>');
const { code } = await bundleWorkflowCode({
  workflowsPath: fileURLToPath(new URL('./workflows.ts', import.meta.url)),
  logger: new DefaultLogger('WARN'),
});
writeFileSync(file, code);
