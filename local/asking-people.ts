import type { Message, QueuePlace } from '../contracts/events.ts';
import type { ClientState, DeskClient } from '../web/client.ts';
import type { ConversationView } from '../web/conversation-view.ts';
import { until } from '../web/until.ts';

const MINUTE_MS = 60_000;

const placeOf = ({ position, expectedMs }: QueuePlace): string => {
  const place = position === 1 ? 'you are next in line' : `you are number ${position} in line`;
  if (expectedMs === null) return place;
  if (expectedMs < MINUTE_MS) return `${place}, less than a minute`;
  const minutes = Math.ceil(expectedMs / MINUTE_MS);
  return `${place}, about ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}`;
};

/** Who has the conversation, in words; nothing while the assistant has had it all along. */
export const standingOf = ({ owner, by, owners, queue }: ConversationView, assistant: string): string | null => {
  if (owner === 'agent') return `You are talking to ${by ?? 'a person'}.`;
  if (owner === 'waiting') return `Waiting for a person${queue ? `: ${placeOf(queue)}` : ''}.`;
  return owners.length > 0 ? `You are talking to ${assistant} again.` : null;
};

/** Writes a line whenever the owner or the place in the line is another. What stood before is no news. */
export const createStandingNotes = (note: (line: string) => void) => {
  let last: string | null | undefined;
  return ({ view, desk, isLoaded }: ClientState): void => {
    const standing = standingOf(view, desk?.assistant ?? 'the assistant');
    if (last !== undefined && standing !== last && standing) note(standing);
    if (isLoaded) last = standing;
  };
};

/** What a person said after this message of the customer's, once it is there. */
export const saidByPerson = ({ messages }: ConversationView, clientMessageId: string): Message | undefined => {
  const asked = messages.findIndex(({ id }) => id === `c:${clientMessageId}`);
  return asked < 0 ? undefined : messages.slice(asked).find(({ author }) => author === 'agent');
};

export const named = ({ by, text }: Pick<Message, 'by' | 'text'>): string => (by ? `${by}: ${text}` : text);

/** Asks for a person and resolves with what they say first. Rejects after `timeoutMs`. */
export const callPerson = async (client: DeskClient, timeoutMs: number): Promise<Message> => {
  await until(client, 'what was said before', ({ isLoaded }) => isLoaded, timeoutMs);
  const before = new Set(client.state().view.messages.map(({ id }) => id));
  client.askForPerson();
  return until(
    client,
    'a person',
    ({ view }) => view.messages.find(({ id, author }) => author === 'agent' && !before.has(id)),
    timeoutMs,
  );
};
