import type { ChosenStatus } from '../../../contracts/console.ts';
import type { AgentStatus } from '../../../contracts/desk.ts';

export const STATUSES: Record<ChosenStatus, { label: string; means: string }> = {
  online: { label: 'Online', means: 'Offers ring' },
  busy: { label: 'Busy', means: 'No new ones; you keep yours' },
  away: { label: 'Away', means: 'A break; you keep yours' },
  offline: { label: 'Offline', means: 'Yours go back to the queue' },
};

export const chosenStatuses = ['online', 'busy', 'away', 'offline'] as const;

export const statusLabel = (status: AgentStatus): string => (status === 'wrapUp' ? 'Wrap-up' : STATUSES[status].label);

/** What is shown of the status that was chosen and those that the desks have: wrap-up and being set to away show. */
export const shownStatus = (chosen: ChosenStatus, desks: readonly AgentStatus[]): AgentStatus => {
  if (chosen !== 'online') return chosen;
  if (desks.includes('wrapUp')) return 'wrapUp';
  return desks.length > 0 && desks.every((status) => status === 'away') ? 'away' : chosen;
};
