import type { Outbound } from '../outbound.ts';
import type { TicketRecords } from './built-in.ts';
import type { JiraOptions } from './jira.ts';
import type { SalesforceCaseOptions } from './salesforce-cases.ts';
import type { Ticketing } from './ticketing.ts';
import type { ZendeskOptions } from './zendesk-client.ts';

export type TicketingSettings =
  | { adapter: 'built-in' }
  | ({ adapter: 'zendesk' } & Omit<ZendeskOptions, 'outbound'>)
  | ({ adapter: 'salesforce' } & Omit<SalesforceCaseOptions, 'outbound'>)
  | ({ adapter: 'jira' } & Omit<JiraOptions, 'outbound'>);

/** The ticket system that is configured. Only its own package is loaded. */
export const openTicketing = async (
  settings: TicketingSettings,
  { tickets, outbound }: { tickets: TicketRecords; outbound: Outbound },
): Promise<Ticketing> => {
  switch (settings.adapter) {
    case 'built-in':
      return (await import('./built-in.ts')).createBuiltInTicketing(tickets);
    case 'zendesk':
      return (await import('./zendesk.ts')).createZendeskTicketing({ ...settings, outbound });
    case 'salesforce':
      return (await import('./salesforce-cases.ts')).createSalesforceTicketing({ ...settings, outbound });
    case 'jira':
      return (await import('./jira.ts')).createJiraTicketing({ ...settings, outbound });
  }
};
