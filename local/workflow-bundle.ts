import { writeFileSync } from 'node:fs';
import { bundleWorkflows } from '../workers/bundle.ts';

/** Entry of a short process: writes the workflow code, as one script, to the file it is given. */
const [file] = process.argv.slice(2);
if (file === undefined) throw new Error('usage: workflow-bundle.ts <file>');
writeFileSync(file, await bundleWorkflows());
