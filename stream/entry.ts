import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import type { DeskEvent, LoggedEvent } from '../contracts/events.ts';

/**
 * How an event lies in Redis: everything but the position, which the script assigns and the stream id holds. The event
 * itself is not checked again when read: during a rolling deploy an older gateway must pass on what a newer worker wrote.
 */
const entry = z.object({
  id: z.string(),
  at: z.string(),
  event: z.custom<DeskEvent>((value) => typeof value === 'object' && value !== null && 'type' in value),
});

const publication = z.object({
  generation: z.string(),
  first: z.int().min(1),
  events: z.array(entry).min(1),
});

/** 96 random bits: an id only has to differ from the few events that a fail-over may give the same position. */
export const encodeEvent = (event: DeskEvent): string =>
  JSON.stringify({ id: randomBytes(12).toString('base64url'), at: new Date().toISOString(), event });

/** 128 random bits. */
export const newGeneration = (): string => randomBytes(16).toString('base64url');

/** The JSON of consecutive entries, of which `first` is the first one's seq; `null` when one of them is none of ours. */
export const decodeEntries = (generation: string, first: number, texts: readonly string[]): LoggedEvent[] | null => {
  const parsed = z.array(entry).safeParse(texts.map(parseJson));
  return parsed.success ? positioned(generation, first, parsed.data) : null;
};

/** What an append published, `{ generation, first, events }`; `null` when it is none of ours. */
export const decodePublication = (text: string): LoggedEvent[] | null => {
  const parsed = publication.safeParse(parseJson(text));
  return parsed.success ? positioned(parsed.data.generation, parsed.data.first, parsed.data.events) : null;
};

const positioned = (generation: string, first: number, entries: z.infer<typeof entry>[]): LoggedEvent[] =>
  entries.map(({ id, at, event }, index) => ({ id, at, position: { generation, seq: first + index }, event }));

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
