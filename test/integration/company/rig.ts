import { sql } from 'kysely';
import { createTicketDesk } from '../../../activities/ticket-desk.ts';
import type { Profile } from '../../../integrations/crm/crm.ts';
import type { Ticketing } from '../../../integrations/ticketing/ticketing.ts';
import { createConversationTickets } from '../../../store/conversation-tickets.ts';
import { createConversations } from '../../../store/conversations.ts';
import { createTranscripts } from '../../../store/transcripts.ts';
import { createTurns } from '../../../store/turns.ts';
import { freshDatabase } from '../../database.ts';

export const newConversationId = (): string => `cnv_${crypto.randomUUID().replaceAll('-', '')}${'0'.repeat(11)}`;

/** A desk's record in Postgres, with conversations of one turn. */
export const openRecord = async () => {
  const { db, url, close } = await freshDatabase();
  const conversations = createConversations(db);
  const turns = createTurns(db);
  return {
    db,
    url,
    close,
    conversations,
    transcripts: createTranscripts(db),
    tickets: createConversationTickets(db),

    async conversation(owner = 'customer:ada', asked = 'Where is my parcel?') {
      const conversationId = newConversationId();
      await conversations.open({ conversationId, owner, channel: 'web' }, 'test-playbook-01');
      const claim = { conversationId, term: 0, turn: 1, generation: 'generation', attempt: 1 };
      const at = '2026-03-01T10:00:00.000Z';
      await turns.claim(
        claim,
        [{ id: `c:${conversationId.slice(4, 20)}`, author: 'customer', turn: 1, text: asked, at }],
        0,
      );
      await turns.finish(claim, { id: 'a:1', text: 'I do not know.', end: 'final', sources: [], at });
      return conversationId;
    },

    /** Types of what was recorded of a conversation. */
    async records(conversationId: string): Promise<string[]> {
      const { rows } = await sql<{ type: string }>`
        select type from records where conversation_id = ${conversationId} order by id`.execute(db);
      return rows.map(({ type }) => type);
    },
  };
};

export type TestRecord = Awaited<ReturnType<typeof openRecord>>;

export const ada: Profile = {
  id: '501',
  name: 'Ada Lovelace',
  email: 'ada@example.test',
  language: 'de',
  tier: 'gold',
  facts: { shoe_size: '44' },
};

export const knownTo = {
  find: async ({ customerId }: { customerId: string | null }) => (customerId === 'ada' ? ada : null),
};

export const ticketDeskOver = (ticketing: Ticketing, { tickets }: TestRecord, system = 'zendesk') =>
  createTicketDesk({ system, ticketing, crm: knownTo, tickets });
