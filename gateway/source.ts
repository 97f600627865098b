import type { Action } from '../contracts/actions.ts';
import type { Message, Position } from '../contracts/events.ts';
import type { Standing } from '../store/standing.ts';
import type { EventReader, Head, Range } from '../stream/event-log.ts';
import { within } from './deadline.ts';
import type { Transcripts } from './ports.ts';

/** Three calls in a row stay below the 5 s after which a client must have heard something. */
const CALL_MS = 1_500;
/** 32 of the longest messages, escaped, are 800 KB: one page never looks like a slow reader. */
export const PAGE = 32;

export type SourceDeps = { conversationId: string; events: EventReader; transcripts: Transcripts };

/** `lastId` is that of the event at the position itself, where the log still has it. */
export type AnchoredRange = Range & { lastId?: string };

/** What there is to read of one conversation. Every call rejects after `CALL_MS`. */
export const createSource = (
  { conversationId, events, transcripts }: SourceDeps,
  listener: Parameters<EventReader['subscribe']>[1],
) => {
  const anchored = async (position: Position): Promise<AnchoredRange> => {
    if (position.seq > 0) {
      const range = await events.after(conversationId, { ...position, seq: position.seq - 1 }, PAGE + 1);
      const [last, ...after] = range.continuous ? range.events : [];
      if (last) return { continuous: true, events: after, lastId: last.id };
      // The log ends before the position. Asked again it may have grown past it with other events.
      if (range.continuous) return { continuous: false };
    }
    return events.after(conversationId, position, PAGE);
  };

  let unsubscribe: (() => void) | undefined;
  let isEnded = false;
  return {
    head: (): Promise<Head | null> => within(CALL_MS, 'head', events.head(conversationId)),

    /** At most `PAGE` events after `position`. */
    after: (position: Position): Promise<AnchoredRange> => within(CALL_MS, 'after', anchored(position)),

    actions: (): Promise<Action[]> => within(CALL_MS, 'actions', transcripts.actions(conversationId)),

    standing: (): Promise<Standing | null> => within(CALL_MS, 'standing', transcripts.standing(conversationId)),

    messages: (): Promise<Message[]> => within(CALL_MS, 'messages', transcripts.messages(conversationId)),

    /** Does nothing once it is live. What comes too late, or after the end, is given back. */
    async subscribe(): Promise<void> {
      if (unsubscribe) return;
      let isWanted = true;
      const subscribing = events.subscribe(conversationId, listener).then((stop) => {
        if (isWanted && !isEnded) unsubscribe = stop;
        else stop();
      });
      try {
        await within(CALL_MS, 'subscribe', subscribing);
      } catch (error) {
        isWanted = false;
        throw error;
      }
    },

    end(): void {
      isEnded = true;
      unsubscribe?.();
    },
  };
};
