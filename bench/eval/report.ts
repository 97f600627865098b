import type { IntentFigures } from './banking77.ts';
import type { PairFigures } from './pairs.ts';
import type { RetrievalFigures } from './retrieval.ts';

/** Of the parts that were measured. */
export type Figures = { banking77?: IntentFigures; pairs?: PairFigures; retrieval?: RetrievalFigures };

/** References are those of the data folder's README, measured with MiniLM on one core. */
export const printTable = ({ banking77, pairs, retrieval }: Figures): void => {
  const rows: [string, number | undefined, string][] = [
    ['banking77, all training rows: accuracy', banking77?.full, '0.932 (tf-idf SVM 0.915)'],
    ['banking77, 10 per intent: accuracy', banking77?.tenShot, '0.858 (tf-idf SVM 0.675)'],
    ['banking77: CPU ms per message, with its embedding', banking77?.msPerMessage, '25 at most'],
    ['question pairs, near matches: precision', pairs?.precision, '0.90 (cosine ≥ 0.95), 0.91 with guards'],
    ['question pairs, near matches: recall', pairs?.recall, '0.20'],
    ['retrieval, MiniLM and words: hit@1', retrieval?.hitAt1, '0.90 wanted'],
    ['retrieval, MiniLM and words: hit@3', retrieval?.hitAt3, '–'],
    ['retrieval, full text alone: hit@1', retrieval?.fullText.hitAt1, '–'],
  ];
  console.log(`\n${'measure'.padEnd(52)}${'here'.padEnd(10)}reference`);
  for (const [name, value, reference] of rows)
    if (value !== undefined) console.log(`${name.padEnd(52)}${String(value).padEnd(10)}${reference}`);
};
