import { describe, expect, test } from '@jest/globals';
import { readConfig, toolSettings, workerConfig } from '../../../config.ts';
import { createDatabase } from '../../../store/database.ts';
import { openSystems, systemSettings } from '../../../workers/systems.ts';

const base = {
  DATABASE_URL: 'postgres://nobody@127.0.0.1:1/desk',
  REDIS_URL: 'redis://127.0.0.1:1',
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  DESK_PLAYBOOK: 'local/acme',
};

const open = async (env: Record<string, string> = {}) => {
  const db = createDatabase(base.DATABASE_URL, () => {}, 1);
  try {
    const { outbound, ...systems } = await openSystems(
      systemSettings(readConfig(workerConfig, { ...base, ...env })),
      db,
    );
    await outbound.close();
    return systems;
  } finally {
    await db.destroy();
  }
};

const complete = {
  hubspot: { DESK_CRM: 'hubspot', DESK_CRM_CUSTOMER_ID: 'customer_id', DESK_HUBSPOT_TOKEN: 'sEcReT' },
  zendesk: {
    DESK_TICKETING: 'zendesk',
    DESK_ZENDESK_URL: 'https://acme.zendesk.com',
    DESK_ZENDESK_EMAIL: 'desk@acme.example',
    DESK_ZENDESK_TOKEN: 'sEcReT',
  },
  salesforce: {
    DESK_CRM: 'salesforce',
    DESK_CRM_CUSTOMER_ID: 'Customer_Id__c',
    DESK_TICKETING: 'salesforce',
    DESK_TICKET_STATUSES: 'Working, On Hold, Closed',
    DESK_SALESFORCE_URL: 'https://acme.my.salesforce.com',
    DESK_SALESFORCE_CLIENT_ID: 'id',
    DESK_SALESFORCE_CLIENT_SECRET: 'sEcReT',
  },
  jira: {
    DESK_TICKETING: 'jira',
    DESK_TICKET_STATUSES: 'Waiting for support,Waiting for customer,Resolved',
    DESK_JIRA_URL: 'https://acme.atlassian.net',
    DESK_JIRA_EMAIL: 'desk@acme.example',
    DESK_JIRA_TOKEN: 'sEcReT',
    DESK_JIRA_SERVICE_DESK: '1',
    DESK_JIRA_REQUEST_TYPE: '7',
  },
};

describe('the systems of a company', () => {
  test('are built in where nothing else is said', async () => {
    expect(Object.keys(await open())).toEqual(['system', 'crm', 'ticketing']);
  });

  test.each(Object.entries(complete))(
    '%s opens with its settings, and without one of them names that',
    async (_, env) => {
      await expect(open(env)).resolves.toBeDefined();
      for (const name of Object.keys(env)) {
        if (name === 'DESK_CRM' || name === 'DESK_TICKETING') continue;
        const { [name]: _gone, ...rest }: Record<string, string> = env;
        const error = await open(rest).catch((reason: unknown) => reason);
        expect(error).toMatchObject({
          name: 'ConfigError',
          message: expect.stringContaining(`${name} is not set: DESK_`),
        });
        expect(String(error)).not.toContain('sEcReT');
      }
    },
  );

  test.each([
    ['DESK_CRM', 'pipedrive', 'must be built-in, hubspot or salesforce'],
    ['DESK_TICKETING', 'trello', 'must be built-in, zendesk, salesforce or jira'],
    ['DESK_TICKET_STATUSES', 'Working,Closed', 'must be three names with commas between'],
    ['DESK_OUTBOUND_ALLOW', '10.0.0.0/8, intranet', 'must be addresses or ranges like 10.1.0.0/16, comma-separated'],
  ])('%s=%s is refused', async (name, value, why) => {
    await expect(open({ [name]: value })).rejects.toThrow(`${name} ${why}`);
  });
});

test('a playbook may pass on the address of the database and what is named for tools, and no more', () => {
  const env = { ...base, DESK_TOOL_SHOP_KEY: 'key', DESK_SECRET: 'sEcReT', OPENAI_API_KEY: 'sEcReT' };
  expect(toolSettings(base, env)).toEqual({ DATABASE_URL: base.DATABASE_URL, DESK_TOOL_SHOP_KEY: 'key' });
  expect(() => readConfig(workerConfig, { ...base, DESK_TOOLS_KEY: 'x' })).toThrow('DESK_TOOLS_KEY is no setting');
});
