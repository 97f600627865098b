import type { LoadedPlaybook } from '../contracts/playbook.ts';
import { createDecisionActivities, type DecisionDeps } from './decisions.ts';
import { createEffectActivities, type EffectDeps } from './effects.ts';
import { createErrandActivities, type ErrandDeps } from './errands.ts';
import { createGate, type GateDeps } from './gate.ts';
import { createNoteActivities, type NoteDeps } from './notes.ts';
import { createOpeningActivities, type OpeningDeps } from './opening.ts';
import { createReplyActivities, type ReplyDeps } from './reply.ts';
import { createStoppingActivities, type StoppingDeps } from './stopping.ts';
import { createTellingActivities } from './telling.ts';
import { createTicketActivities, type TicketDeps } from './tickets.ts';
import { createToolActivities, type ToolDeps } from './tools.ts';

type Ports = ReplyDeps & ToolDeps & EffectDeps & DecisionDeps & StoppingDeps & GateDeps & OpeningDeps;

export type ActivityDeps = Omit<Ports, 'gate' | 'playbook' | 'playbookVersion'> & {
  loaded: LoadedPlaybook;
  company: NoteDeps & TicketDeps & ErrandDeps;
};

/** Every side effect of a conversation, over the ports it is given. */
export const createActivities = ({ loaded, company, ...ports }: ActivityDeps) => {
  const { playbook, version } = loaded;
  const deps = { ...ports, playbook, playbookVersion: version, gate: createGate({ ...ports, playbook }) };
  return {
    ...createOpeningActivities(deps),
    ...createReplyActivities(deps),
    ...createToolActivities(deps),
    ...createEffectActivities(deps),
    ...createDecisionActivities(deps),
    ...createStoppingActivities(deps),
    ...createTellingActivities(deps),
    ...createNoteActivities(company),
    ...createTicketActivities(company),
    ...createErrandActivities(company),
  };
};

export type Activities = ReturnType<typeof createActivities>;
