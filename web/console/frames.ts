import type { ConsoleServerFrame } from '../../contracts/console-frames.ts';
import { type Fields, isFields, parseFields } from '../json.ts';

const text = (value: unknown): boolean => typeof value === 'string';
const isOffer = (value: unknown): boolean =>
  isFields(value) && text(value.conversationId) && typeof value.offer === 'number' && typeof value.until === 'number';
const isLogged = (value: unknown): boolean =>
  isFields(value) && text(value.id) && isFields(value.position) && isFields(value.event);

/** What of each frame the console would trip over if it were missing. The rest is the gateway's promise. */
const shapes: Record<ConsoleServerFrame['type'], (frame: Fields) => boolean> = {
  welcome: ({ agent, offers, now }) =>
    isFields(agent) && Array.isArray(offers) && offers.every(isOffer) && typeof now === 'number',
  watching: ({ conversation }) => text(conversation),
  snapshot: ({ conversation, messages }) => text(conversation) && Array.isArray(messages),
  events: ({ conversation, events }) => text(conversation) && Array.isArray(events) && events.every(isLogged),
  'offer.opened': isOffer,
  'offer.closed': ({ desk, offer }) => text(desk) && typeof offer === 'number',
  'sla.reached': ({ conversationId }) => text(conversationId),
  'status.changed': ({ desk, status }) => text(desk) && text(status),
  presence: ({ conversation, viewers }) => text(conversation) && Array.isArray(viewers),
  changed: ({ what }) => text(what),
  heartbeat: () => true,
  error: ({ code }) => text(code),
  'suggestion.delta': ({ commandId, offset }) => text(commandId) && typeof offset === 'number',
  'suggestion.ended': ({ commandId, sources }) => text(commandId) && Array.isArray(sources),
  'suggestion.failed': ({ commandId }) => text(commandId),
  bye: ({ reconnectAfterMs }) => typeof reconnectAfterMs === 'number',
};

const isConsoleFrame = (value: Fields): value is ConsoleServerFrame =>
  typeof value.type === 'string' &&
  Object.hasOwn(shapes, value.type) &&
  shapes[value.type as ConsoleServerFrame['type']](value);

/** Reads what the gateway sent; `null` for anything else, which is passed over: a newer gateway may say more. */
export const readConsoleFrame = (data: unknown): ConsoleServerFrame | null => {
  const frame = typeof data === 'string' ? parseFields(data) : null;
  return frame && isConsoleFrame(frame) ? frame : null;
};
