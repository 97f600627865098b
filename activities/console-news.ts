import { noDesk } from '../contracts/names.ts';
import type { Owners } from '../store/owners.ts';
import type { createDecisionActivities } from './decisions.ts';
import type { AgentChannel } from './desk-ports.ts';
import type { createOwnerActivities } from './owner.ts';
import type { createRelayActivities } from './relay.ts';

export type HearingDeps = { owners: Owners; agents: AgentChannel };

/** After these a list or a view of the console is another. */
type Heard = Pick<ReturnType<typeof createOwnerActivities>, 'changeOwner'> &
  Pick<ReturnType<typeof createRelayActivities>, 'relay'> &
  Pick<ReturnType<typeof createDecisionActivities>, 'requestApproval' | 'closeAction' | 'approveAction'>;

/**
 * The same activities; afterwards the consoles that show the conversation are told to read it again. Whether they hear it
 * changes nothing for the activity.
 */
export const consolesHear = <A extends Heard>(activities: A, { owners, agents }: HearingDeps): A => {
  const tell = async (conversationId: string, ...left: string[]): Promise<void> => {
    const held = await owners.of(conversationId);
    const desks = new Set([held?.desk ?? noDesk, ...left]);
    const lists = { type: 'changed', what: 'lists' } as const;
    const view = { type: 'changed', what: 'view', conversation: conversationId } as const;
    await Promise.all([
      ...[...desks].flatMap((desk) => [agents.publishToDesk(desk, lists), agents.publishToDesk(desk, view)]),
      ...(held?.agent ? [agents.publish(held.agent, lists), agents.publish(held.agent, view)] : []),
    ]);
  };

  const after = async <T>(work: Promise<T>, conversationId: string, ...left: string[]): Promise<T> => {
    const result = await work;
    void tell(conversationId, ...left).catch(() => undefined);
    return result;
  };

  return {
    ...activities,
    changeOwner: (change) =>
      after(activities.changeOwner(change), change.conversationId, ...(change.leave ? [change.leave.desk] : [])),
    relay: (turn, spoken) => after(activities.relay(turn, spoken), turn.conversationId),
    requestApproval: (turn, id) => after(activities.requestApproval(turn, id), turn.conversationId),
    closeAction: (turn, id, closing) => after(activities.closeAction(turn, id, closing), turn.conversationId),
    approveAction: (conversationId, id, hash, by) =>
      after(activities.approveAction(conversationId, id, hash, by), conversationId),
  };
};
