import { cpSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';

/**
 * A copy at `folder` of the playbook at `source` under which every turn of a visitor is an answer: no rule gives one to people, and
 * no process is started for tools that visitors are not offered.
 */
export const writePlaybook = (source: string, folder: string): string => {
  rmSync(folder, { recursive: true, force: true });
  cpSync(join(source, 'knowledge'), join(folder, 'knowledge'), { recursive: true });
  const settings = parseDocument(readFileSync(join(source, 'playbook.yaml'), 'utf8'));
  settings.set('handoff', { desk: settings.getIn(['handoff', 'desk']), askedForPerson: false });
  for (const section of ['providers', 'tools']) settings.delete(section);
  writeFileSync(join(folder, 'playbook.yaml'), settings.toString());
  return folder;
};
