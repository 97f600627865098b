import type { Backing } from './backing.ts';
import { buildParts, type DeskProcess, type Model, startGateway, startModel, startWorker } from './desk.ts';
import { type Embeddings, provideEmbeddings } from './services/embeddings.ts';
import { startPostgres } from './services/postgres.ts';
import { startRedis } from './services/redis.ts';
import type { Service } from './services/service.ts';
import { startTemporal } from './services/temporal.ts';
import type { Site } from './site.ts';
import { playbookOf, prepareStore } from './stack.ts';
import { together } from './steps.ts';

export type RunningDesk = { backing: Backing; model: Model; gateway: DeskProcess; worker: DeskProcess };

const SOURCE = { environment: 'from the environment', found: 'found', provisioned: 'provisioned' };

const about = ({ name, source, detail, url }: Service): string =>
  `${name} · ${SOURCE[source]} (${detail}) · ${withoutPassword(url)}`;

/** Starts everything that one desk needs, with the start-up list. */
export const bringUp = async (site: Site): Promise<RunningDesk> => {
  const { bundle, model, retrieval, ...backing } = await together<
    Backing & { bundle: string; model: Model; retrieval: Embeddings }
  >({
    temporal: { title: 'Temporal', work: (say) => startTemporal(site, say), done: about },
    postgres: {
      title: 'Postgres',
      work: async (say) => {
        const postgres = await startPostgres(site, say);
        say('schema and sample data');
        await prepareStore(site, postgres.url);
        return postgres;
      },
      done: about,
    },
    redis: { title: 'Redis', work: (say) => startRedis(site, say), done: about },
    model: { title: 'Model', work: () => startModel(site), done: ({ detail }) => `Model · ${detail}` },
    retrieval: {
      title: 'Retrieval',
      work: (say) => provideEmbeddings(site, say),
      done: ({ detail }) => `Retrieval · ${detail}`,
    },
    bundle: {
      title: 'Workflow code and customer page',
      work: () => buildParts(site),
      done: () => 'Workflow code and customer page · built',
    },
  });
  const parts = { backing, playbook: playbookOf(site), bundle, embeddings: retrieval.setting };
  const { worker, gateway } = await together<{ worker: DeskProcess; gateway: DeskProcess }>({
    worker: {
      title: 'Worker',
      work: () => startWorker(site, parts, model, 'worker'),
      done: ({ url }) => `Worker · ready · ${url}/metrics`,
    },
    gateway: {
      title: 'Gateway',
      work: () => startGateway(site, parts, 'gateway'),
      done: ({ url }) => `Gateway · ready · ${url}`,
    },
  });
  return { backing, model, worker, gateway };
};

const withoutPassword = (url: string): string => url.replace(/\/\/[^/@]*@/, '//');
