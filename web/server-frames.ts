import type { ServerFrame } from '../contracts/frames.ts';
import { type Fields, isFields, parseFields } from './json.ts';

const hasId = (value: unknown): boolean => isFields(value) && typeof value.id === 'string';
const isLogged = (value: unknown): boolean =>
  isFields(value) && hasId(value) && isFields(value.position) && isFields(value.event);

/** What of each frame the client would trip over if it were missing. The rest is the gateway's promise. */
const shapes: Record<ServerFrame['type'], (frame: Fields) => boolean> = {
  welcome: (frame) => hasId(frame.conversation) && isFields(frame.desk) && typeof frame.heartbeatMs === 'number',
  snapshot: (frame) => [frame.messages, frame.actions ?? []].every((list) => Array.isArray(list) && list.every(hasId)),
  ack: (frame) => typeof frame.clientMessageId === 'string',
  decided: (frame) => typeof frame.commandId === 'string' && typeof frame.action === 'string',
  rated: (frame) => typeof frame.commandId === 'string' && typeof frame.score === 'number',
  events: (frame) => Array.isArray(frame.events) && frame.events.every(isLogged),
  heartbeat: () => true,
  error: (frame) => typeof frame.code === 'string',
  bye: (frame) => typeof frame.reconnectAfterMs === 'number',
};

const isServerFrame = (value: Fields): value is ServerFrame =>
  typeof value.type === 'string' &&
  Object.hasOwn(shapes, value.type) &&
  shapes[value.type as ServerFrame['type']](value);

/**
 * Reads what the gateway sent; `null` for anything else, which the client passes over, so that a newer gateway may send
 * frames that this client does not know. Not zod: its 60 KB would be three times the rest of the page.
 */
export const readServerFrame = (data: unknown): ServerFrame | null => {
  const frame = typeof data === 'string' ? parseFields(data) : null;
  return frame && isServerFrame(frame) ? frame : null;
};
