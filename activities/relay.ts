import type { AgentMessage } from '../contracts/conversation.ts';
import type { DeskEvent, Message } from '../contracts/events.ts';
import { agentMessageId } from '../contracts/ids.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { Actions } from '../store/actions.ts';
import type { Owners } from '../store/owners.ts';
import type { EventWriter } from '../stream/event-log.ts';
import { cardsOf } from './show.ts';
import { said, type Turn } from './turn.ts';

export type RelayDeps = { playbook: Playbook; events: EventWriter; owners: Owners; actions: Actions };

export const createRelayActivities = ({ playbook, events, owners, actions }: RelayDeps) => ({
  /**
   * Passes on what people say to each other, and cards that changed: written down first, then shown. Safe to run again: readers
   * know a message by its id. Rejects with `StoreUnavailable` or `StreamUnavailable`.
   *
   * @returns whether readers were shown it; not where the fence of a later term stands, of which the workflow is about to hear
   */
  async relay(turn: Turn, spoken: readonly AgentMessage[]): Promise<boolean> {
    const messages = inOrder(said(turn), spoken.map(agentMessage(turn.turn, playbook.company.name)));
    await owners.relay(turn.conversationId, turn, messages);
    const added = messages.map((message): DeskEvent => ({ type: 'message.added', message }));
    const shown = [...added, ...(await cardsOf(actions, turn))];
    const opened = await events.open(turn.conversationId, turn, { once: [], always: () => shown, closing: true });
    return opened !== 'stale';
  },
});

const agentMessage =
  (turn: number, company: string) =>
  ({ clientMessageId, by, text, at }: AgentMessage): Message => ({
    id: agentMessageId(clientMessageId),
    author: 'agent',
    by: by || company,
    turn,
    text,
    at,
  });

/** By the time at which the gateways took them, each author's own in the order they came. */
const inOrder = (customer: readonly Message[], agent: readonly Message[]): Message[] => {
  const merged: Message[] = [];
  const rest = [...agent];
  for (const message of customer) {
    while (rest[0] && rest[0].at < message.at) merged.push(...rest.splice(0, 1));
    merged.push(message);
  }
  return [...merged, ...rest];
};
