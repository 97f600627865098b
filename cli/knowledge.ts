import { Command } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { syncKnowledge } from '../knowledge/sync.ts';
import { loadPlaybook } from '../playbook.ts';
import { createDatabase } from '../store/database.ts';
import { createPassages } from '../store/passages.ts';
import { gapsCommand } from './gaps.ts';
import { command } from './output.ts';

export const knowledgeCommand = (): Command =>
  new Command('knowledge')
    .description("the articles of the playbook's folder")
    .addCommand(
      command('sync', 'bring the index in Postgres to the playbook, as a worker does when it starts', async () => {
        const { DATABASE_URL, DESK_PLAYBOOK } = readConfig(
          workerConfig.pick({ DATABASE_URL: true, DESK_PLAYBOOK: true }),
        );
        const loaded = await loadPlaybook(DESK_PLAYBOOK);
        const db = createDatabase(DATABASE_URL, () => {}, 1);
        try {
          const outcome = await syncKnowledge(createPassages(db), loaded);
          const data = { outcome, version: loaded.version, articles: loaded.articles.length };
          return {
            ok: true,
            data,
            lines: [
              outcome === 'current'
                ? `the index is at version ${data.version} already`
                : `indexed ${data.articles} articles, version ${data.version}`,
            ],
          };
        } finally {
          await db.destroy();
        }
      }),
    )
    .addCommand(gapsCommand());
