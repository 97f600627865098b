import { ApplicationFailure } from '@temporalio/activity';
import type { Message } from '../contracts/events.ts';
import { FAILURE } from '../contracts/failures.ts';
import { verifiedCustomer } from '../contracts/ids.ts';
import type { TicketStatus } from '../integrations/ticketing/ticketing.ts';
import type { Conversations } from '../store/conversations.ts';
import type { Transcripts } from '../store/transcripts.ts';
import { throughSystems } from './system-failures.ts';
import type { TicketDesk } from './ticket-desk.ts';
import { transcriptText } from './transcript-text.ts';

export type TicketDeps = {
  ticketDesk: TicketDesk;
  conversations: Pick<Conversations, 'get'>;
  transcripts: Pick<Transcripts, 'messages'>;
  /** What is known of the customer's words, one line for each finding. */
  analyse: (text: string) => readonly string[];
};

export const createTicketActivities = ({ ticketDesk, conversations, transcripts, analyse }: TicketDeps) => ({
  /**
   * Opens a ticket with everything that was said: one per conversation and `reason`, however often it is called. Rejects
   * with `SystemUnavailable`, `SystemRefused` or `StoreUnavailable`.
   *
   * @returns its id in the ticket system
   */
  async openTicket(conversationId: string, reason: string): Promise<string> {
    const conversation = await conversations.get(conversationId);
    if (!conversation) throw ApplicationFailure.nonRetryable(`no conversation ${conversationId}`, FAILURE.notFound);
    const { owner, channel } = conversation;
    const messages = await transcripts.messages(conversationId);
    const words = messages.filter(({ author }) => author === 'customer').map(({ text }) => text);
    const text = [
      `Reason: ${reason}`,
      `Customer: ${verifiedCustomer(owner) ?? 'not signed in'}`,
      `Conversation: ${conversationId} (${channel})`,
      ...analyse(words.join('\n')),
      '',
      transcriptText(messages),
    ].join('\n');
    const ticket = { key: `${conversationId}/${reason}`, subject: `${reason}: ${words.at(0) ?? 'conversation'}`, text };
    const opened = await throughSystems(ticketDesk.open({ conversationId, owner }, ticket));
    return opened.id;
  },

  /**
   * Adds what was said in a turn to each of the conversation's open tickets, once, for its people alone. Rejects as
   * `openTicket` does.
   *
   * @returns how many tickets there are
   */
  async updateTicket(conversationId: string, turn: number): Promise<number> {
    const ticketIds = await ticketDesk.openOf(conversationId);
    if (ticketIds.length === 0) return 0;
    const said: Message[] = (await transcripts.messages(conversationId)).filter((message) => message.turn === turn);
    const comment = { key: `${conversationId}/turn.${turn}`, text: transcriptText(said), public: false };
    for (const ticketId of ticketIds) await throughSystems(ticketDesk.comment(ticketId, comment));
    return ticketIds.length;
  },

  /** Brings each of the conversation's open tickets to a status. Safe to run again. Rejects as `openTicket` does. */
  async setTicketStatus(conversationId: string, status: TicketStatus): Promise<void> {
    for (const ticketId of await ticketDesk.openOf(conversationId))
      await throughSystems(ticketDesk.setStatus(ticketId, status));
  },
});
