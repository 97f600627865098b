import type { Outbound } from '../outbound.ts';
import type { SalesforceOptions } from '../salesforce-connection.ts';
import type { CustomerRecords } from './built-in.ts';
import type { Crm } from './crm.ts';
import type { HubSpotOptions } from './hubspot.ts';
import type { ProfileFields } from './profile.ts';

export type CrmSettings =
  | { adapter: 'built-in' }
  | ({ adapter: 'hubspot' } & Omit<HubSpotOptions, 'outbound'>)
  | ({ adapter: 'salesforce'; fields: ProfileFields } & Omit<SalesforceOptions, 'outbound'>);

/** The CRM that is configured. Only its own package is loaded: jsforce alone takes half a second and 10 MB. */
export const openCrm = async (
  settings: CrmSettings,
  { customers, outbound }: { customers: CustomerRecords; outbound: Outbound },
): Promise<Crm> => {
  switch (settings.adapter) {
    case 'built-in':
      return (await import('./built-in.ts')).createBuiltInCrm(customers);
    case 'hubspot':
      return (await import('./hubspot.ts')).createHubSpotCrm({ ...settings, outbound });
    case 'salesforce':
      return (await import('./salesforce.ts')).createSalesforceCrm({ ...settings, outbound });
  }
};
