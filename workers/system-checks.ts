import { toolSettings, type WorkerConfig } from '../config.ts';
import { createToolProviders } from '../integrations/tool-providers.ts';
import { loadPlaybook } from '../playbook.ts';
import { createDatabase } from '../store/database.ts';
import { openSystems, systemSettings } from './systems.ts';

/** No customer and no ticket is called that: what is looked for is whether the system answers. */
const NOBODY = 'duradesk-doctor';

const withSystems = async (
  config: WorkerConfig,
  look: (systems: Awaited<ReturnType<typeof openSystems>>) => Promise<unknown>,
) => {
  const settings = systemSettings(config);
  const db = createDatabase(config.DATABASE_URL, () => {}, 1);
  try {
    const systems = await openSystems(settings, db);
    try {
      await look(systems);
    } finally {
      await systems.outbound.close();
    }
  } finally {
    await db.destroy();
  }
};

/** For `duradesk doctor`: each resolves with what was found, or rejects with what is wrong and what to do. */
export const systemChecks = {
  async crm(config: WorkerConfig) {
    await withSystems(config, ({ crm }) => crm.find({ customerId: NOBODY, email: null }));
    return `${config.DESK_CRM} answers`;
  },

  async ticketing(config: WorkerConfig) {
    await withSystems(config, ({ ticketing }) => ticketing.find(NOBODY));
    return `${config.DESK_TICKETING} answers`;
  },

  async tools(config: WorkerConfig) {
    const { DESK_PLAYBOOK: folder, DESK_OUTBOUND_ALLOW: allow } = config;
    const { playbook } = await loadPlaybook(folder);
    const providers = createToolProviders(playbook.providers, { folder, settings: toolSettings(config), allow });
    try {
      const lists = await Promise.all(providers.map(({ list }) => list()));
      const lacking = playbook.tools.filter(({ provider, name }) => {
        const at = providers.findIndex((each) => each.name === provider);
        return at >= 0 && !lists[at]?.some((tool) => tool.name === name);
      });
      if (lacking.length > 0)
        throw new Error(
          lacking.map(({ provider, name }) => `provider "${provider}" does not offer ${name}`).join('; '),
        );
      return providers.length === 0
        ? 'no provider is listed'
        : `${providers.map(({ name }) => name).join(', ')} answer`;
    } finally {
      await Promise.all(providers.map(({ close }) => close()));
    }
  },
};
