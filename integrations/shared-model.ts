import type { Caller, ChatModel, ModelPart, Prompt } from './model.ts';

/** A call that is under way, with all it has said. `ended` is set when it is over, `error` is what it failed with. */
type Flight = {
  parts: ModelPart[];
  ended?: { error?: unknown };
  listeners: Set<() => void>;
  callers: Set<Caller>;
  abort: AbortController;
  /** Somebody was told what it cost. */
  counted: boolean;
};

/** A call waits for its place as long as the first of its callers may, so who may wait longer than this has another call. */
const PATIENT_MS = 1_000;

/**
 * One call for all who ask the very same prompt at the same time: whoever comes later first gets what was said so far. It goes on
 * until the last of them stops listening, and the first of them at its end alone hears what it cost. Meant for prompts without a word of anybody's own; since the prompts are equal to the
 * last character, nobody hears what a call of their own could not have said.
 */
export const createSharedModel = (model: ChatModel): ChatModel => {
  const flights = new Map<string, Flight>();

  const leave = (key: string, flight: Flight) => {
    if (flights.get(key) === flight) flights.delete(key);
  };

  const start = (key: string, prompt: Prompt, caller: Caller | undefined): Flight => {
    const flight: Flight = {
      parts: [],
      listeners: new Set(),
      callers: new Set(),
      abort: new AbortController(),
      counted: false,
    };
    const forAll = caller && {
      ...caller,
      waiting: () => {
        for (const each of flight.callers) each.waiting?.();
      },
    };
    flights.set(key, flight);
    const tell = () => {
      for (const heard of flight.listeners) heard();
    };
    const end = (ended: NonNullable<Flight['ended']>) => {
      flight.ended = ended;
      leave(key, flight);
      tell();
    };
    const listen = async () => {
      for await (const part of model.stream(prompt, flight.abort.signal, forAll)) {
        flight.parts.push(part);
        tell();
      }
    };
    listen().then(
      () => end({}),
      (error: unknown) => end({ error }),
    );
    return flight;
  };

  return {
    async *stream(prompt, signal, caller) {
      const key = JSON.stringify([prompt, (caller?.withinMs ?? 0) > PATIENT_MS]);
      let wake = () => {};
      const heard = () => wake();
      const flight = flights.get(key) ?? start(key, prompt, caller);
      flight.listeners.add(heard);
      if (caller) flight.callers.add(caller);
      signal.addEventListener('abort', heard);
      try {
        for (let at = 0; ; ) {
          signal.throwIfAborted();
          const part = flight.parts[at];
          if (part) {
            at += 1;
            yield counted(flight, part);
          } else if (flight.ended) {
            if ('error' in flight.ended) throw flight.ended.error;
            return;
          } else
            await new Promise<void>((resolve) => {
              wake = resolve;
            });
        }
      } finally {
        signal.removeEventListener('abort', heard);
        flight.listeners.delete(heard);
        if (caller) flight.callers.delete(caller);
        if (flight.listeners.size === 0 && !flight.ended) {
          // Nobody may join a call that is being given up.
          leave(key, flight);
          flight.abort.abort();
        }
      }
    },
  };
};

const counted = (flight: Flight, part: ModelPart): ModelPart => {
  if (part.type !== 'finish' || !part.usage) return part;
  if (flight.counted) return { type: 'finish', reason: part.reason };
  flight.counted = true;
  return part;
};
