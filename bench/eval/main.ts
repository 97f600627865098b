import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { program } from 'commander';
import { createMiniLm } from '../../integrations/minilm.ts';
import { evaluateIntents } from './banking77.ts';
import { evaluatePairs } from './pairs.ts';
import { printTable } from './report.ts';
import { evaluateRetrieval } from './retrieval.ts';

/** Entry of `npm run eval`: what understanding, answer cache and retrieval reach on data that nobody here wrote. */
type Options = { data: string; model: string; json?: boolean; verbose?: boolean };

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const options = program
  .name('npm run eval --')
  .description('Measures understanding, answer cache and retrieval.')
  .requiredOption('--data <folder>', 'folder with banking77/ and question-pairs/')
  .option('--model <folder>', 'where MiniLM is', join(cache, 'duradesk', 'minilm', 'all-MiniLM-L6-v2-int8'))
  .option('--verbose', 'lists what was wrong')
  .option('--json', 'ends with one line of JSON')
  .parse()
  .opts<Options>();

const embedder = await createMiniLm(resolve(options.model));
const verbose = options.verbose === true;
const retrieval = await evaluateRetrieval(embedder, verbose);
const pairs = await evaluatePairs(embedder, resolve(options.data, 'question-pairs'), verbose);
const banking77 = await evaluateIntents(embedder, resolve(options.data, 'banking77'));
await embedder.close();
const figures = { banking77, pairs, retrieval };
printTable(figures);
if (options.json) console.log(JSON.stringify(figures));
