import { toolSettings, type WorkerConfig } from '../config.ts';
import { openCrm } from '../integrations/crm/open-crm.ts';
import { createOutbound, type Outbound } from '../integrations/outbound.ts';
import { openTicketing } from '../integrations/ticketing/open-ticketing.ts';
import { createToolProviders } from '../integrations/tool-providers.ts';
import { loadPlaybook } from '../playbook.ts';
import { createCustomers } from '../store/customers.ts';
import { createDatabase, type Database } from '../store/database.ts';
import { createTickets } from '../store/tickets.ts';
import { crmSettings, ticketingSettings } from './systems.ts';

/** No customer and no ticket is called that: what is looked for is whether the system answers. */
const NOBODY = 'duradesk-doctor';

type Means = { db: Database; outbound: Outbound };

const withMeans = async (config: WorkerConfig, look: (means: Means) => Promise<unknown>): Promise<void> => {
  const db = createDatabase(config.DATABASE_URL, () => {}, 1);
  const outbound = createOutbound({ allow: config.DESK_OUTBOUND_ALLOW });
  try {
    await look({ db, outbound });
  } finally {
    await outbound.close();
    await db.destroy();
  }
};

/** For `duradesk doctor`: each resolves with what was found, or rejects with what is wrong and what to do. */
export const systemChecks = {
  async crm(config: WorkerConfig) {
    const settings = crmSettings(config);
    await withMeans(config, async ({ db, outbound }) => {
      const crm = await openCrm(settings, { customers: createCustomers(db), outbound });
      await crm.find({ customerId: NOBODY, email: null });
    });
    return `${config.DESK_CRM} answers`;
  },

  async ticketing(config: WorkerConfig) {
    const settings = ticketingSettings(config);
    await withMeans(config, async ({ db, outbound }) => {
      const ticketing = await openTicketing(settings, { tickets: createTickets(db), outbound });
      await ticketing.find(NOBODY);
    });
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
