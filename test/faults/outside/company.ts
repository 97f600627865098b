import { startHubSpot } from '../../fakes/hubspot.ts';
import { startZendesk } from '../../fakes/zendesk.ts';

/** The ticket system is slower than the tool's time-out, the CRM than anybody waits for. Milliseconds. */
export const SLOW = { tickets: 4_000, crm: 12_000 };

/** The customer that the CRM knows. */
export const KNOWN = { id: 'cus_ada', email: 'ada@example.test' };

/** A CRM and a ticket system that behave as their makers say, on loopback, and what a worker must be told to use them. */
export const startCompany = async () => {
  const [hubspot, zendesk] = await Promise.all([
    startHubSpot({ slowMs: SLOW.crm }),
    startZendesk({ slowMs: SLOW.tickets }),
  ]);
  hubspot.addContact({ customer_id: KNOWN.id, email: KNOWN.email, firstname: 'Ada', lastname: 'Lovelace' });
  return {
    hubspot,
    zendesk,
    env: {
      DESK_OUTBOUND_ALLOW: '127.0.0.1',
      DESK_CRM: 'hubspot',
      DESK_CRM_CUSTOMER_ID: 'customer_id',
      DESK_HUBSPOT_URL: hubspot.url,
      DESK_HUBSPOT_TOKEN: hubspot.accessToken,
      DESK_TICKETING: 'zendesk',
      DESK_ZENDESK_URL: zendesk.url,
      DESK_ZENDESK_EMAIL: zendesk.email,
      DESK_ZENDESK_TOKEN: zendesk.apiToken,
    },
    stop: async (): Promise<void> => {
      await Promise.all([hubspot.close(), zendesk.close()]);
    },
  };
};

export type Company = Awaited<ReturnType<typeof startCompany>>;
