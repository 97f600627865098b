import { actionIdOf } from '../contracts/action-ids.ts';
import type { ActionId } from '../contracts/actions.ts';
import type { ConversationStart, Ending } from '../contracts/conversation.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { Conversations } from '../store/conversations.ts';
import type { Effects } from '../store/effects.ts';
import type { Proposals } from '../store/proposals.ts';
import type { EventWriter } from '../stream/event-log.ts';

export type OpeningDeps = {
  conversations: Conversations;
  events: Pick<EventWriter, 'announce'>;
  effects: Pick<Effects, 'undoable'>;
  proposals: Pick<Proposals, 'expire'>;
  playbook: Playbook;
  playbookVersion: string;
};

/** What the workflow must know of the playbook, milliseconds. It keeps it for the whole run, so that replay agrees. */
export type Policy = {
  warnMs: number;
  closeMs: number;
  turnMs: number;
  talksWhileWaiting: boolean;
  repeatedFailure?: number;
  repeatedlyUnanswered?: number;
  ticketOn: TicketOccasion[];
};

export type TicketOccasion = Playbook['tickets']['on'][number];

/**
 * Where a conversation stopped. `seen` maps each `clientMessageId` to the fingerprint of its text; `latest` are those of turn
 * `turn`, which this very run may have begun, when its first task was cut off and is taken again.
 */
export type Opening = {
  term: number;
  turn: number;
  seen: [clientMessageId: string, fingerprint: string][];
  latest?: string[];
  policy: Policy;
  /** What an earlier run did and can still be taken back, until then (epoch milliseconds); absent where there is nothing. */
  undoable?: [id: ActionId, until: number][];
  /** The playbook's version. */
  playbook: string;
};

export const createOpeningActivities = ({
  conversations,
  events,
  effects,
  proposals,
  playbook,
  playbookVersion,
}: OpeningDeps) => ({
  /** Opens the conversation's record, or opens it again, and says where an earlier run stopped. Safe to run again. */
  async openConversation(start: ConversationStart): Promise<Opening> {
    const { repeatedFailure, repeatedlyUnanswered } = playbook.handoff;
    const { term, turn, said } = await conversations.open(start, playbookVersion);
    // A conversation that is new has done nothing yet.
    const undoable = turn > 0 ? await effects.undoable(start.conversationId) : [];
    return {
      term,
      turn,
      ...(undoable.length > 0 && {
        undoable: undoable.map((effect): [string, number] => [actionIdOf(effect), effect.undoUntil?.getTime() ?? 0]),
      }),
      playbook: playbookVersion,
      seen: said.map(({ id, text }) => [id.slice('c:'.length), fingerprint(text)]),
      latest: said.filter((message) => message.turn === turn).map(({ id }) => id.slice('c:'.length)),
      policy: {
        warnMs: playbook.idle.warnAfter,
        closeMs: playbook.idle.closeAfter,
        turnMs: playbook.budgets.turnSeconds * 1_000,
        talksWhileWaiting: playbook.handoff.talksWhileWaiting,
        ...(repeatedFailure === undefined ? {} : { repeatedFailure }),
        ...(repeatedlyUnanswered === undefined ? {} : { repeatedlyUnanswered }),
        ticketOn: playbook.tickets.on,
      },
    };
  },

  /**
   * Records how a conversation ended, and with it what its customer was still asked, and tells whoever looks at it. Safe to run
   * again; rejects with `StoreUnavailable` or `StreamUnavailable`.
   */
  async resolveConversation(conversationId: string, term: number, ending: Ending): Promise<void> {
    await proposals.expire(conversationId);
    const { rate } = await conversations.resolve(conversationId, ending);
    const by = ending.outcome === 'assistant' || ending.reason === 'idle' ? 'assistant' : 'agent';
    await events.announce(conversationId, term, [{ type: 'conversation.resolved', by, rate }]);
  },
});
