import pg from 'pg';
import type { Playbook } from '../contracts/playbook.ts';
import type { ChatModel } from '../integrations/model.ts';
import { createToolProviders } from '../integrations/tool-providers.ts';
import { seedAcme } from '../local/acme/seed.ts';
import { loadPlaybook } from '../playbook.ts';
import { startEngine } from './engine.ts';

const FOLDER = 'local/acme';

/** The engine with the sample company's playbook and its MCP server, and what the shop itself knows. */
export const startAcmeEngine = async (model: ChatModel, change: (playbook: Playbook) => void = () => {}) => {
  const loaded = await loadPlaybook(FOLDER);
  change(loaded.playbook);
  const engine = await startEngine({
    model,
    loaded,
    providers: async (databaseUrl) => {
      await seedAcme({ databaseUrl });
      return createToolProviders(loaded.playbook.providers, {
        folder: FOLDER,
        settings: { DATABASE_URL: databaseUrl },
      });
    },
  });
  const shop = new pg.Client(engine.database.url);
  await shop.connect();
  const rows = async <T extends object>(statement: string): Promise<T[]> => (await shop.query<T>(statement)).rows;

  return {
    ...engine,
    playbook: loaded.playbook,
    refunds: () =>
      rows<{ order: string; cents: number; cancelled: boolean }>(
        `select order_number as "order", amount_cents as cents, cancelled_at is not null as cancelled
           from acme.refunds order by id`,
      ),
    addresses: () =>
      rows<{ order: string; address: string }>(
        `select order_number as "order", address from acme.address_changes order by created_at`,
      ),
    /** The shop sells something under another name. */
    async sell(sku: string, name: string) {
      await shop.query('update acme.products set name = $2 where sku = $1', [sku, name]);
    },
    /** Nothing was ever refunded or changed. */
    async forget() {
      await shop.query('truncate acme.refunds, acme.address_changes');
      await engine.database.db.deleteFrom('effects').execute();
    },
    async stop() {
      await shop.end();
      await engine.stop();
    },
  };
};

export type AcmeEngine = Awaited<ReturnType<typeof startAcmeEngine>>;
