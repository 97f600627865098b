import type { LoadedPlaybook } from '../contracts/playbook.ts';
import { createOpeningActivities } from './opening.ts';
import { createReplyActivities, type ReplyDeps } from './reply.ts';
import { createTellingActivities } from './telling.ts';
import { createToolActivities, type ToolDeps } from './tools.ts';

export type ActivityDeps = Omit<ReplyDeps, 'playbook'> &
  ToolDeps & { loaded: LoadedPlaybook; conversations: Parameters<typeof createOpeningActivities>[0]['conversations'] };

/** Every side effect of a conversation, over the ports it is given. */
export const createActivities = ({ loaded, ...ports }: ActivityDeps) => {
  const deps = { ...ports, playbook: loaded.playbook, playbookVersion: loaded.version };
  return {
    ...createOpeningActivities(deps),
    ...createReplyActivities(deps),
    ...createToolActivities(deps),
    ...createTellingActivities(deps),
  };
};

export type Activities = ReturnType<typeof createActivities>;
