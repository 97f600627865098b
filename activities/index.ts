import type { LoadedPlaybook } from '../contracts/playbook.ts';
import { createAnswerKeeper } from '../knowledge/answer-cache/keeper.ts';
import { consolesHear, type HearingDeps } from './console-news.ts';
import { createDecisionActivities, type DecisionDeps } from './decisions.ts';
import { createDeskActivities, type DeskDeps } from './desk.ts';
import { createEffectActivities, type EffectDeps } from './effects.ts';
import { createErrandActivities, type ErrandDeps } from './errands.ts';
import { createGate, type GateDeps } from './gate.ts';
import { createNoteActivities, type NoteDeps } from './notes.ts';
import { createOpeningActivities, type OpeningDeps } from './opening.ts';
import { createOwnerActivities, type OwnerDeps } from './owner.ts';
import { createRelayActivities } from './relay.ts';
import { createReplyActivities, type ReplyDeps } from './reply.ts';
import { createSlaActivities, type SlaDeps } from './sla.ts';
import { createStoppingActivities, type StoppingDeps } from './stopping.ts';
import { createSummaryActivities, type SummaryDeps } from './summarising.ts';
import { createTellingActivities } from './telling.ts';
import { createTicketActivities, type TicketDeps } from './tickets.ts';
import { createToolActivities, type ToolDeps } from './tools.ts';

type Ports = ReplyDeps &
  ToolDeps &
  EffectDeps &
  DecisionDeps &
  StoppingDeps &
  GateDeps &
  OpeningDeps &
  OwnerDeps &
  SlaDeps &
  SummaryDeps &
  HearingDeps;

export type ActivityDeps = Omit<Ports, 'answers' | 'gate' | 'playbook' | 'playbookVersion'> & {
  loaded: LoadedPlaybook;
  /** The name of the embedder behind `reader`, `null` for none. */
  embedder: string | null;
  company: NoteDeps & TicketDeps & ErrandDeps;
};

/** Every side effect of a conversation, over the ports it is given. */
export const createActivities = ({ loaded, embedder, company, ...ports }: ActivityDeps) => {
  const { playbook, version } = loaded;
  const gate = createGate({ ...ports, playbook });
  const deps = { ...ports, playbook, playbookVersion: version, gate, answers: createAnswerKeeper(loaded, embedder) };
  const activities = {
    ...createOpeningActivities(deps),
    ...createReplyActivities(deps),
    ...createToolActivities(deps),
    ...createEffectActivities(deps),
    ...createDecisionActivities(deps),
    ...createStoppingActivities(deps),
    ...createTellingActivities(deps),
    ...createSummaryActivities(deps),
    ...createOwnerActivities(deps),
    ...createRelayActivities(deps),
    ...createSlaActivities(deps),
    ...createNoteActivities(company),
    ...createTicketActivities(company),
    ...createErrandActivities(company),
  };
  return consolesHear(activities, ports);
};

/** Every side effect of a desk. */
export const createDeskWork = ({ loaded, ...ports }: Omit<DeskDeps, 'playbook'> & { loaded: LoadedPlaybook }) =>
  createDeskActivities({ ...ports, playbook: loaded.playbook });

export type DeskActivities = ReturnType<typeof createDeskWork>;
export type Activities = ReturnType<typeof createActivities>;
