import type { EventReader } from '../stream/event-log.ts';
import type { Turn } from './turn.ts';

export type ShownLog = Pick<EventReader, 'head' | 'after'>;

/** Events read at once; a reply of the longest kind has some hundreds. */
const PAGE = 200;

/** The text that readers hold of a turn whose draft was ended: nothing is appended to it any more. */
export const createShown =
  (log: ShownLog) =>
  async ({ conversationId, turn }: Turn): Promise<string> => {
    const head = await log.head(conversationId);
    let text = '';
    let attempt = 0;
    let position = head && { generation: head.generation, seq: Math.max(head.turnStart, head.first - 1) };
    while (position) {
      const range = await log.after(conversationId, position, PAGE);
      if (!range.continuous) break;
      for (const { event } of range.events) {
        if (event.type !== 'reply.delta' || event.turn !== turn) continue;
        text = event.attempt === attempt ? text + event.text : event.text;
        attempt = event.attempt;
      }
      position = range.events.length === PAGE ? (range.events.at(-1)?.position ?? null) : null;
    }
    return text;
  };
