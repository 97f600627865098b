import type { AgentAccount } from '../../contracts/agents.ts';
import type { AgentPresence } from '../../store/agent-presence.ts';
import type { AgentSessions } from '../../store/agent-sessions.ts';
import type { Agents } from '../../store/agents.ts';
import type { Audit } from '../../store/audit.ts';
import type { ConsoleAccess } from '../../store/console-access.ts';
import type { ConsoleLists } from '../../store/console-lists.ts';
import type { ConsoleViews } from '../../store/console-views.ts';
import type { Notes } from '../../store/notes.ts';
import type { Offers } from '../../store/offers.ts';
import type { Owners } from '../../store/owners.ts';
import type { Waits } from '../../store/waits.ts';
import type { ConsoleChannels, createAgentChannel } from '../../stream/agent-channel.ts';
import type { EventWriter } from '../../stream/event-log.ts';
import type { Viewers } from '../../stream/viewers.ts';
import type { Commands } from './commands.ts';
import type { Presence } from './presence.ts';

/** What the console stands on. */
export type ConsoleParts = {
  agents: Agents;
  sessions: AgentSessions;
  statuses: AgentPresence;
  access: ConsoleAccess;
  lists: ConsoleLists;
  views: ConsoleViews;
  notes: Notes;
  offers: Offers;
  owners: Pick<Owners, 'of'>;
  waits: Waits;
  audit: Audit;
  commands: Commands;
  presence: Presence;
  channels: ConsoleChannels;
  viewers: Viewers;
  news: ReturnType<typeof createAgentChannel>;
  announce: EventWriter['announce'];
};

declare module 'fastify' {
  interface FastifyInstance {
    console: ConsoleParts;
  }
  interface FastifyRequest {
    /** Whose session the cookie is; `null` for nobody's. */
    agent: AgentAccount | null;
  }
}
