import type { LoadedPlaybook } from '../contracts/playbook.ts';
import { createErrandActivities, type ErrandDeps } from './errands.ts';
import { createNoteActivities, type NoteDeps } from './notes.ts';
import { createOpeningActivities, type OpeningDeps } from './opening.ts';
import { createReplyActivities, type ReplyDeps } from './reply.ts';
import { createStoppingActivities, type StoppingDeps } from './stopping.ts';
import { createTellingActivities } from './telling.ts';
import { createTicketActivities, type TicketDeps } from './tickets.ts';
import { createToolActivities, type ToolDeps } from './tools.ts';

export type ActivityDeps = Omit<ReplyDeps, 'playbook'> &
  ToolDeps &
  StoppingDeps &
  Omit<OpeningDeps, 'playbook' | 'playbookVersion'> & {
    loaded: LoadedPlaybook;
    company: NoteDeps & TicketDeps & ErrandDeps;
  };

/** Every side effect of a conversation, over the ports it is given. */
export const createActivities = ({ loaded, company, ...ports }: ActivityDeps) => {
  const deps = { ...ports, playbook: loaded.playbook, playbookVersion: loaded.version };
  return {
    ...createOpeningActivities(deps),
    ...createReplyActivities(deps),
    ...createToolActivities(deps),
    ...createStoppingActivities(deps),
    ...createTellingActivities(deps),
    ...createNoteActivities(company),
    ...createTicketActivities(company),
    ...createErrandActivities(company),
  };
};

export type Activities = ReturnType<typeof createActivities>;
