import type { Line, LineOf } from './recording.ts';

// What a fault cost those whom it struck, from the lines alone.

type Injected = LineOf<'injected'>;

/** For each struck client of each injection, milliseconds until `find` says yes to a line of its own; those that never came are left out. */
const waits = (
  lines: readonly Line[],
  find: (line: Line, before: readonly Line[]) => boolean,
  isMeant: (injected: Injected) => boolean = () => true,
): number[] =>
  lines.flatMap((injected) => {
    if (injected.type !== 'injected' || !isMeant(injected)) return [];
    return injected.struck.flatMap((client) => {
      const own = lines.filter((line) => 'client' in line && line.client === client);
      const before = own.filter(({ at }) => at <= injected.at);
      const found = own.find((line) => line.at > injected.at && find(line, before));
      return found ? [found.at - injected.at] : [];
    });
  });

/** The highest attempt of each turn that was heard. */
const attempts = (lines: readonly Line[]): Map<number, number> =>
  new Map(
    lines.flatMap((line) =>
      line.type === 'events'
        ? line.events.flatMap(({ event }) =>
            event.type === 'reply.delta' ? [[event.turn, event.attempt] as const] : [],
          )
        : [],
    ),
  );

const isNewAttempt = (line: Line, before: readonly Line[]): boolean => {
  if (line.type !== 'events') return false;
  const heard = attempts(before);
  return line.events.some(
    ({ event }) => event.type === 'reply.delta' && event.attempt > (heard.get(event.turn) ?? Number.POSITIVE_INFINITY),
  );
};

const isAnyDelta = (line: Line): boolean =>
  line.type === 'events' && line.events.some(({ event }) => event.type === 'reply.delta');

const isEnd = (line: Line): boolean =>
  line.type === 'events' && line.events.some(({ event }) => event.type === 'reply.ended');

const worstOf = (measured: readonly number[]): number => Math.round(Math.max(0, ...measured));

/** Until the other worker's first words. */
export const nextAttempt = (lines: readonly Line[]): number => worstOf(waits(lines, isNewAttempt));

/** Until anything more is said, by whomever; after `what` was done, or after everything that was. */
export const nextDelta = (lines: readonly Line[], what?: string): number =>
  worstOf(waits(lines, isAnyDelta, (injected) => what === undefined || injected.what === what));

/** Until the reply is whole. */
export const wholeReply = (lines: readonly Line[]): number => worstOf(waits(lines, isEnd));

export const nextWelcome = (lines: readonly Line[]): number => worstOf(waits(lines, ({ type }) => type === 'welcome'));

export const nextSnapshot = (lines: readonly Line[]): number =>
  worstOf(waits(lines, ({ type }) => type === 'snapshot'));

/** From a welcome that could not resume to the snapshot that it promised. */
export const promisedSnapshot = (lines: readonly Line[]): number => {
  const welcomed = new Map<string, number>();
  const waited: number[] = [];
  for (const line of lines) {
    if (line.type === 'welcome' && !line.resumed) welcomed.set(line.client, line.at);
    const at = line.type === 'snapshot' ? welcomed.get(line.client) : undefined;
    if (at === undefined || line.type !== 'snapshot') continue;
    waited.push(line.at - at);
    welcomed.delete(line.client);
  }
  return worstOf(waited);
};

/** From the first sending of a message to its acknowledgement, wherever that arrived. */
export const acknowledgement = (lines: readonly Line[]): number => {
  const sent = new Map<string, number>();
  const acked: number[] = [];
  for (const line of lines) {
    if (line.type === 'sent' && !sent.has(line.clientMessageId)) sent.set(line.clientMessageId, line.at);
    if (line.type === 'acked') acked.push(line.at - (sent.get(line.clientMessageId) ?? line.at));
  }
  return worstOf(acked);
};

/** From the first sending of a message to the end of the turn that it is in. */
export const answer = (lines: readonly Line[]): number => {
  const sent = new Map<string, number>();
  const turns = new Map<string, number>();
  const answered: number[] = [];
  for (const line of lines) {
    if (line.type === 'sent' && !sent.has(line.clientMessageId)) sent.set(line.clientMessageId, line.at);
    if (line.type !== 'events') continue;
    for (const { event } of line.events) {
      const place = (turn: number) => `${line.conversation} ${turn}`;
      if (event.type === 'message.added') {
        const at = sent.get(event.message.id.slice('c:'.length)) ?? line.at;
        const key = place(event.message.turn);
        turns.set(key, Math.min(at, turns.get(key) ?? at));
      }
      if (event.type === 'reply.ended') answered.push(line.at - (turns.get(place(event.turn)) ?? line.at));
    }
  }
  return worstOf(answered);
};
