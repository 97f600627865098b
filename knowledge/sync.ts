import type { LoadedPlaybook } from '../contracts/playbook.ts';
import type { Passages } from '../store/passages.ts';
import { passagesOf } from './passages.ts';

/** Brings the index to the playbook's version; does nothing when it is there. Several workers may start at once. */
export const syncKnowledge = (index: Passages, { version, articles }: LoadedPlaybook) =>
  index.replace(version, articles.flatMap(passagesOf));
