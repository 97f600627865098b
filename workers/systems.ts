import { ConfigError, type WorkerConfig } from '../config.ts';
import { openCrm } from '../integrations/crm/open-crm.ts';
import { createOutbound } from '../integrations/outbound.ts';
import { openTicketing } from '../integrations/ticketing/open-ticketing.ts';
import { createCustomers } from '../store/customers.ts';
import type { Database } from '../store/database.ts';
import { createTickets } from '../store/tickets.ts';

/** What the company's own systems are opened with. Throws a `ConfigError` that names what is not set. */
export const systemSettings = (config: WorkerConfig) => ({
  crm: crmSettings(config),
  ticketing: ticketingSettings(config),
  target: webhookTarget(config),
  allow: config.DESK_OUTBOUND_ALLOW,
});

/** The CRM and the ticket system that are configured. Nothing is called yet. */
export const openSystems = async ({ crm, ticketing, allow }: ReturnType<typeof systemSettings>, db: Database) => {
  const outbound = createOutbound({ allow });
  return {
    system: ticketing.adapter,
    crm: await openCrm(crm, { customers: createCustomers(db), outbound }),
    ticketing: await openTicketing(ticketing, { tickets: createTickets(db), outbound }),
    outbound,
  };
};

/** Where events are posted, or `null`. */
const webhookTarget = ({ DESK_WEBHOOK_URL: url, DESK_WEBHOOK_SECRETS: secrets }: WorkerConfig) => {
  if (url === undefined) return null;
  if (secrets.length === 0) throw new ConfigError('DESK_WEBHOOK_SECRETS is not set: DESK_WEBHOOK_URL needs it');
  return { url, secrets };
};

type Needed<N extends keyof WorkerConfig> = { [K in N]: NonNullable<WorkerConfig[K]> };

const needed = <N extends keyof WorkerConfig>(config: WorkerConfig, why: string, ...names: N[]): Needed<N> => {
  const absent = names.filter((name) => config[name] === undefined);
  if (absent.length > 0) throw new ConfigError(absent.map((name) => `${name} is not set: ${why} needs it`).join('; '));
  return config as Needed<N>;
};

export const crmSettings = (config: WorkerConfig) => {
  const { DESK_CRM: adapter, DESK_CRM_LANGUAGE: language, DESK_CRM_TIER: tier, DESK_CRM_FACTS: facts } = config;
  if (adapter === 'built-in') return { adapter };
  const { DESK_CRM_CUSTOMER_ID: customerId } = needed(config, `DESK_CRM=${adapter}`, 'DESK_CRM_CUSTOMER_ID');
  const fields = { customerId, ...(language && { language }), ...(tier && { tier }), facts };
  if (adapter === 'salesforce') return { adapter, fields, ...salesforce(config, 'DESK_CRM=salesforce') };
  const { DESK_HUBSPOT_TOKEN: accessToken } = needed(config, 'DESK_CRM=hubspot', 'DESK_HUBSPOT_TOKEN');
  const { DESK_HUBSPOT_URL: baseUrl } = config;
  return { adapter, fields, accessToken, ...(baseUrl && { baseUrl }) };
};

export const ticketingSettings = (config: WorkerConfig) => {
  const { DESK_TICKETING: adapter } = config;
  const why = `DESK_TICKETING=${adapter}`;
  switch (adapter) {
    case 'built-in':
      return { adapter };
    case 'zendesk': {
      const own = needed(config, why, 'DESK_ZENDESK_URL', 'DESK_ZENDESK_EMAIL', 'DESK_ZENDESK_TOKEN');
      return {
        adapter,
        baseUrl: own.DESK_ZENDESK_URL,
        email: own.DESK_ZENDESK_EMAIL,
        apiToken: own.DESK_ZENDESK_TOKEN,
      };
    }
    case 'salesforce':
      return { adapter, statuses: statuses(config, why), ...salesforce(config, why) };
    case 'jira': {
      const where = needed(config, why, 'DESK_JIRA_URL', 'DESK_JIRA_SERVICE_DESK', 'DESK_JIRA_REQUEST_TYPE');
      const who = needed(config, why, 'DESK_JIRA_EMAIL', 'DESK_JIRA_TOKEN');
      return {
        adapter,
        statuses: statuses(config, why),
        baseUrl: where.DESK_JIRA_URL,
        serviceDeskId: where.DESK_JIRA_SERVICE_DESK,
        requestTypeId: where.DESK_JIRA_REQUEST_TYPE,
        email: who.DESK_JIRA_EMAIL,
        apiToken: who.DESK_JIRA_TOKEN,
      };
    }
  }
};

const salesforce = (config: WorkerConfig, why: string) => {
  const own = needed(config, why, 'DESK_SALESFORCE_URL', 'DESK_SALESFORCE_CLIENT_ID', 'DESK_SALESFORCE_CLIENT_SECRET');
  const { DESK_SALESFORCE_REFRESH_TOKEN: refreshToken } = config;
  return {
    loginUrl: own.DESK_SALESFORCE_URL,
    clientId: own.DESK_SALESFORCE_CLIENT_ID,
    clientSecret: own.DESK_SALESFORCE_CLIENT_SECRET,
    ...(refreshToken && { refreshToken }),
  };
};

const statuses = (config: WorkerConfig, why: string) => {
  const [open = '', pending = '', solved = ''] = needed(config, why, 'DESK_TICKET_STATUSES').DESK_TICKET_STATUSES;
  return { open, pending, solved };
};
