import type { Action } from '../contracts/actions.ts';
import type { Message, Position } from '../contracts/events.ts';
import type { ServerFrame } from '../contracts/frames.ts';
import type { Standing } from '../store/standing.ts';

/** Half of what may be unsent to one peer, so that a snapshot alone never looks like a slow reader. Bytes. */
const MAX_BYTES = 512 * 1024;

export type Known = {
  messages: readonly Message[];
  actions: Action[];
  standing: Standing | null;
  position: Position | null;
};

/** The newest messages that fit; a thousand ordinary ones do. `earlier` says that older ones exist. */
export const snapshotOf = ({ messages, actions, standing, position }: Known): ServerFrame => {
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
    ...(standing && told(standing)),
    position,
    ...(first > 0 && { earlier: true }),
  };
};

const told = ({ owner, term, by, owners, queue, resolved, rated }: Standing) => ({
  ...(owner !== 'assistant' && { owner: { owner, term, ...(by !== undefined && { by }) } }),
  ...(owners.length > 0 && { owners }),
  ...(queue && { queue }),
  ...(resolved && { resolved }),
  ...(rated !== undefined && { rated }),
});
