import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { Option, program } from 'commander';
import { createMiniLm } from '../../integrations/minilm.ts';
import { evaluateIntents } from './banking77.ts';
import { evaluatePairs } from './pairs.ts';
import { type Figures, printTable } from './report.ts';
import { evaluateRetrieval } from './retrieval.ts';

/** Entry of `npm run eval`: what understanding, answer cache and retrieval reach on data that nobody here wrote. */
type Part = 'retrieval' | 'pairs' | 'banking77';
type Options = { data: string; model: string; only?: Part; json?: boolean; verbose?: boolean };

const cache = process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache');
const options = program
  .name('npm run eval --')
  .description('Measures understanding, answer cache and retrieval.')
  .requiredOption('--data <folder>', 'folder with banking77/ and question-pairs/')
  .option('--model <folder>', 'where MiniLM is', join(cache, 'duradesk', 'minilm', 'all-MiniLM-L6-v2-int8'))
  .addOption(new Option('--only <part>', 'measures one of three').choices(['retrieval', 'pairs', 'banking77']))
  .option('--verbose', 'lists what was wrong')
  .option('--json', 'ends with one line of JSON')
  .parse()
  .opts<Options>();

const embedder = await createMiniLm(resolve(options.model));
const verbose = options.verbose === true;
const data = (folder: string) => resolve(options.data, folder);
const wanted = (part: Part) => options.only === undefined || options.only === part;
const figures: Figures = {
  ...(wanted('retrieval') && { retrieval: await evaluateRetrieval(embedder, verbose) }),
  ...(wanted('pairs') && { pairs: await evaluatePairs(embedder, data('question-pairs'), verbose) }),
  ...(wanted('banking77') && { banking77: await evaluateIntents(embedder, data('banking77')) }),
};
await embedder.close();
printTable(figures);
const { banking77, pairs, retrieval } = figures;
if (options.json) console.log(JSON.stringify({ banking77, pairs, retrieval }));
