import type { temporal } from '@temporalio/proto';
import type { LoggedEvent, ReplyEnd } from '../contracts/events.ts';
import type { EventReader } from '../stream/event-log.ts';

/** Follows a conversation's log from now on, as a reader that misses nothing. */
export const watch = async (reader: EventReader, conversationId: string) => {
  const events: LoggedEvent[] = [];
  let changed = () => {};
  await reader.subscribe(conversationId, {
    onEvents: (batch) => {
      events.push(...batch);
      changed();
    },
    onGap: () => {},
  });
  return {
    events,

    async until(condition: (events: LoggedEvent[]) => boolean, withinMs = 10_000): Promise<void> {
      const deadline = Date.now() + withinMs;
      while (!condition(events)) {
        if (Date.now() > deadline) throw new Error(`not seen in ${withinMs} ms: ${JSON.stringify(events)}`);
        await new Promise<void>((resolve) => {
          changed = resolve;
          setTimeout(resolve, 100);
        });
      }
    },

    /** What a reader shows of a turn: the latest attempt's text, replaced at its first delta. */
    reply(turn: number): { text: string; end?: ReplyEnd } | undefined {
      let shown: { attempt: number; generation: string; text: string; end?: ReplyEnd } | undefined;
      for (const { event, position } of events) {
        if (event.type === 'reply.delta' && event.turn === turn) {
          const same = shown?.attempt === event.attempt && shown.generation === position.generation;
          if ((same ? shown?.text.length : 0) !== event.offset) throw new Error(`a gap in turn ${turn}`);
          const text = same ? `${shown?.text}${event.text}` : event.text;
          shown = { attempt: event.attempt, generation: position.generation, text };
        } else if (event.type === 'reply.ended' && event.turn === turn && shown) shown.end = event.end;
      }
      return shown && { text: shown.text, ...(shown.end ? { end: shown.end } : {}) };
    },
  };
};

/** Every payload of a history except those of signals, as text: where a customer's words must not be. */
export const eventTexts = (events: temporal.api.history.v1.IHistoryEvent[]): string[] =>
  events
    .filter(({ workflowExecutionSignaledEventAttributes }) => !workflowExecutionSignaledEventAttributes)
    .map((event) =>
      JSON.stringify(event, (_key, value: unknown) =>
        value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : value,
      ),
    );
