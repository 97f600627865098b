import type { Message } from '../contracts/events.ts';

const SPEAKERS = { customer: 'Customer', assistant: 'Assistant', agent: 'Agent' } as const satisfies Record<
  Message['author'],
  string
>;

/** A conversation as people read it in a ticket or a note: one paragraph for each message. */
export const transcriptText = (messages: readonly Message[]): string =>
  messages.map(({ author, text }) => `${SPEAKERS[author]}: ${text}`).join('\n\n');
