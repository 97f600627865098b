import { cpSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');

/**
 * Sources of a next version, in `folder`, which does something else behind a dated patch: a marker in every turn that it takes.
 * Returns what to bundle.
 */
export const patchedSources = (folder: string): string => {
  const copy = join(folder, 'patched');
  for (const name of ['workflows', 'contracts', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'));
  const file = join(copy, 'workflows', 'conversation.ts');
  const source = readFileSync(file, 'utf8');
  const patched = source
    .replace(
      /from '@temporalio\/workflow';/,
      "from '@temporalio/workflow';\nimport { patched } from '@temporalio/workflow';",
    )
    .replace("showProgress(state, 'turn');", "if (patched('2026-11-24-every-turn')) showProgress(state, 'turn');");
  if (!patched.includes("if (patched('2026-11-24-every-turn'))")) throw new Error('there is nothing to patch');
  writeFileSync(file, patched);
  return copy;
};

/** A next version that no running conversation fits: it opens the record by another activity than their histories say. */
export const brokenVersion = (bundle: string): string => {
  const broken = bundle.replaceAll('.openConversation(', '.resolveConversation(');
  if (broken === bundle) throw new Error('there is nothing to break');
  return broken;
};
