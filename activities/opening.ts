import type { ConversationStart } from '../contracts/conversation.ts';
import { fingerprint } from '../contracts/fingerprint.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { Conversations } from '../store/conversations.ts';

export type OpeningDeps = { conversations: Conversations; playbook: Playbook; playbookVersion: string };

/** What the workflow must know of the playbook, milliseconds. It keeps it for the whole run, so that replay agrees. */
export type Policy = { warnMs: number; closeMs: number; turnMs: number };

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
  /** The playbook's version. */
  playbook: string;
};

export const createOpeningActivities = ({ conversations, playbook, playbookVersion }: OpeningDeps) => ({
  /** Opens the conversation's record, or opens it again, and says where an earlier run stopped. Safe to run again. */
  async openConversation(start: ConversationStart): Promise<Opening> {
    const { term, turn, said } = await conversations.open(start, playbookVersion);
    return {
      term,
      turn,
      playbook: playbookVersion,
      seen: said.map(({ id, text }) => [id.slice('c:'.length), fingerprint(text)]),
      latest: said.filter((message) => message.turn === turn).map(({ id }) => id.slice('c:'.length)),
      policy: {
        warnMs: playbook.idle.warnAfter,
        closeMs: playbook.idle.closeAfter,
        turnMs: playbook.budgets.turnSeconds * 1_000,
      },
    };
  },

  /** Records that a conversation ended by itself. Safe to run again. */
  async resolveConversation(conversationId: string, reason: string): Promise<void> {
    await conversations.resolve(conversationId, reason);
  },
});
