import { ApplicationFailure } from '@temporalio/activity';
import { FAILURE } from '../contracts/failures.ts';
import { verifiedCustomer } from '../contracts/ids.ts';
import type { Crm } from '../integrations/crm/crm.ts';
import type { Conversations } from '../store/conversations.ts';
import type { Transcripts } from '../store/transcripts.ts';
import { throughSystems } from './system-failures.ts';
import { transcriptText } from './transcript-text.ts';

export type NoteDeps = {
  crm: Crm;
  conversations: Pick<Conversations, 'get'>;
  transcripts: Pick<Transcripts, 'messages'>;
};

export const createNoteActivities = ({ crm, conversations, transcripts }: NoteDeps) => ({
  /**
   * Writes what was said into the CRM, as a note on the customer. One note per conversation and `kind`, however often it is
   * called; the first text stays. Rejects with `SystemUnavailable`, `SystemRefused` or `StoreUnavailable`.
   *
   * @returns `nobody` for a visitor, and for a customer whom the CRM does not know
   */
  async writeNote(conversationId: string, kind: string): Promise<'written' | 'nobody'> {
    const conversation = await conversations.get(conversationId);
    if (!conversation) throw ApplicationFailure.nonRetryable(`no conversation ${conversationId}`, FAILURE.notFound);
    const customerId = verifiedCustomer(conversation.owner);
    if (customerId === null) return 'nobody';
    const profile = await throughSystems(crm.find({ customerId, email: null }));
    if (!profile) return 'nobody';
    const messages = await transcripts.messages(conversationId);
    const text = `Conversation ${conversationId}, ${kind}\n\n${transcriptText(messages)}`;
    const at = new Date(messages.at(-1)?.at ?? Date.now());
    await throughSystems(crm.addNote(profile.id, { conversationId, kind, text, at }));
    return 'written';
  },
});
