import { createAnnouncer } from '../activities/announcing.ts';
import { createDeskTools } from '../activities/desk-tools.ts';
import type { ErrandDeps } from '../activities/errands.ts';
import type { NoteDeps } from '../activities/notes.ts';
import { createProfiles } from '../activities/profiles.ts';
import { createTicketDesk } from '../activities/ticket-desk.ts';
import { createTicketSync, type TicketSyncDeps } from '../activities/ticket-sync.ts';
import type { TicketDeps } from '../activities/tickets.ts';
import type { Playbook } from '../contracts/playbook.ts';
import type { Crm } from '../integrations/crm/crm.ts';
import type { Outbound } from '../integrations/outbound.ts';
import type { Ticketing } from '../integrations/ticketing/ticketing.ts';
import type { Reader } from '../knowledge/reader.ts';
import type { Retrieval } from '../knowledge/retrieval.ts';
import { createUnderstanding } from '../knowledge/understanding/index.ts';
import { createCallbacks } from '../store/callbacks.ts';
import { createConversationTickets } from '../store/conversation-tickets.ts';
import { createConversations } from '../store/conversations.ts';
import type { Database } from '../store/database.ts';
import { createTicketChanges } from '../store/ticket-changes.ts';
import { createTranscripts } from '../store/transcripts.ts';
import { createWebhookEvents } from '../store/webhook-events.ts';
import type { HotProfiles } from '../stream/hot-profiles.ts';

type CompanyParts = {
  playbook: Playbook;
  db: Database;
  hot: HotProfiles;
  passages: Pick<Retrieval, 'search'>;
  reader: Pick<Reader, 'read'>;
  crm: Crm;
  ticketing: Ticketing;
  /** Name of the ticket system's adapter. */
  system: string;
  outbound: Outbound;
  /** Where events are posted, if they are. */
  target: { url: string; secrets: readonly string[] } | null;
  reply: TicketSyncDeps['reply'];
  stopping: AbortSignal;
  onTrouble: (error: unknown) => void;
};

/** What the desk does with the company's own systems, put together: profiles for prompts, tools, and activities. */
export const assembleCompany = ({
  playbook,
  db,
  hot,
  passages,
  reader,
  crm,
  ticketing,
  system,
  ...parts
}: CompanyParts) => {
  const { outbound, target, reply, stopping, onTrouble } = parts;
  const [tickets, conversations] = [createConversationTickets(db), createConversations(db)];
  const ticketDesk = createTicketDesk({ system, ticketing, crm, tickets });
  const sync = createTicketSync({ system, ticketing, tickets, changes: createTicketChanges(db), reply });
  const announce = target && createAnnouncer({ events: createWebhookEvents(db), target, outbound });
  const activities: NoteDeps & TicketDeps & ErrandDeps = {
    crm,
    ticketDesk,
    conversations,
    transcripts: createTranscripts(db),
    analyse: createAnalysis(playbook),
    errands: announce ? [sync, announce] : [sync],
    stopping,
    onTrouble,
  };
  return {
    activities,
    profiles: createProfiles({ crm, hot, onTrouble }),
    tools: createDeskTools({
      playbook,
      passages,
      reader,
      crm,
      ticketDesk,
      conversations,
      callbacks: createCallbacks(db),
    }),
  };
};

/** What a ticket says of the customer's words, for the people who read it first. */
const createAnalysis = (playbook: Playbook): TicketDeps['analyse'] => {
  const understanding = createUnderstanding({ ...playbook, intents: [] });
  return (text) => {
    const { language, sentiment, urgent } = understanding.read(text, null);
    const mood = `Mood: ${sentiment.toFixed(1)} from -1 (furious) to 1 (delighted)${urgent ? ', urgent' : ''}`;
    return [`Language: ${language}`, mood];
  };
};
