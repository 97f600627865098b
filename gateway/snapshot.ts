import type { Action } from '../contracts/actions.ts';
import type { Message, Position } from '../contracts/events.ts';
import type { ServerFrame } from '../contracts/frames.ts';

/** Half of what may be unsent to one peer, so that a snapshot alone never looks like a slow reader. Bytes. */
const MAX_BYTES = 512 * 1024;

/** The newest messages that fit; a thousand ordinary ones do. `earlier` says that older ones exist. */
export const snapshotOf = (messages: readonly Message[], actions: Action[], position: Position | null): ServerFrame => {
  let bytes = 0;
  let first = messages.length;
  for (; first > 0; first--) {
    bytes += Buffer.byteLength(JSON.stringify(messages[first - 1]));
    if (bytes > MAX_BYTES) break;
  }
  return {
    type: 'snapshot',
    messages: messages.slice(first),
    ...(actions.length > 0 && { actions }),
    position,
    ...(first > 0 && { earlier: true }),
  };
};
