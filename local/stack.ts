import { resolve } from 'node:path';
import { migrate } from '../store/migrate.ts';
import { seedAcme } from './acme/seed.ts';
import type { Backing } from './backing.ts';
import {
  buildParts,
  type DeskParts,
  type DeskProcess,
  type Model,
  startGateway,
  startModel,
  startWorker,
} from './desk.ts';
import { addSampleAgents } from './sample-agents.ts';
import { addSampleCustomers } from './sample-customers.ts';
import type { Site } from './site.ts';

export type Desk = {
  parts: DeskParts;
  model: Model;
  gateways: DeskProcess[];
  workers: DeskProcess[];
};

/** `DESK_PLAYBOOK`, else the sample company's. */
export const playbookOf = (site: Site): string =>
  resolve(site.config.DESK_PLAYBOOK ?? resolve(import.meta.dirname, 'acme'));

/** Brings the schema up to date and, where the desk is the sample company's, its data. */
export const prepareStore = async (site: Site, databaseUrl: string): Promise<void> => {
  await migrate(databaseUrl);
  if (site.config.DESK_PLAYBOOK !== undefined) return;
  await seedAcme({ databaseUrl });
  await addSampleCustomers(databaseUrl);
  await addSampleAgents(site, databaseUrl);
};

/**
 * A whole desk on a backing, for tests that need several of each: everything is ready when this resolves, and ends with
 * `site.close()`. `startGateway` and `startWorker` add more to it later.
 */
export const startDesk = async (
  site: Site,
  backing: Backing,
  count: { gateways: number; workers: number },
  /** Where it is not the workers'. */
  ofGateways: Backing = backing,
  /** `DeskParts.worker`. */
  worker?: string,
): Promise<Desk> => {
  const [bundle, model] = await Promise.all([
    buildParts(site),
    startModel(site),
    prepareStore(site, backing.postgres.url),
  ]);
  const parts: DeskParts = { backing, playbook: playbookOf(site), bundle, ...(worker && { worker }) };
  const named = (name: string, many: number) => Array.from({ length: many }, (_, index) => `${name}-${index + 1}`);
  const [workers, gateways] = await Promise.all([
    Promise.all(named('worker', count.workers).map((name) => startWorker(site, parts, model, name))),
    Promise.all(
      named('gateway', count.gateways).map((name) => startGateway(site, { ...parts, backing: ofGateways }, name)),
    ),
  ]);
  return { parts, model, gateways, workers };
};
