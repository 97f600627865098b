import type { LoggedEvent } from '../contracts/events.ts';
import { decodeEntries, decodePublication, encodeEvent, newGeneration } from './entry.ts';
import type { EventReader, EventWriter, HaltReason, Halts } from './event-log.ts';

type Log = {
  generation: string;
  seq: number;
  term: number;
  turn: number;
  attempt: number;
  draft: string;
  turnStart: number;
  halted: number;
  /** JSON as in Redis, oldest first, the last one at `seq`. */
  entries: string[];
};

/** What befalls a real Redis. */
export type MemoryFaults = {
  /** FLUSHALL: every log is gone, subscriptions stay. */
  flush(): void;
  /** Keeps the newest `keep` events of a conversation. */
  trim(conversationId: string, keep: number): void;
  /** The connection of the subscriptions was lost and is back. */
  interrupt(): void;
};

/**
 * Both ends of the event log in one process, for tests of what stands on them. It passes the same contract tests as Redis;
 * logs do not expire, and there is no fail-over.
 */
export const createMemoryEventLog = ({ maxEvents = 1_000 } = {}): EventWriter & EventReader & Halts & MemoryFaults => {
  const logs = new Map<string, Log>();
  const members = new Set<{ conversationId: string; listener: Parameters<EventReader['subscribe']>[1] }>();

  const watching = new Set<{ conversationId: string; turn: number; onHalt(why: HaltReason): void }>();

  const create = (conversationId: string, term: number): Log => {
    const empty = { seq: 0, turn: 0, attempt: 0, draft: '', turnStart: 0, halted: 0, entries: [] };
    const log = { ...empty, generation: newGeneration(), term };
    logs.set(conversationId, log);
    return log;
  };

  const put = (conversationId: string, log: Log, events: string[]): void => {
    if (events.length === 0) return;
    const text = `{"generation":"${log.generation}","first":${log.seq + 1},"events":[${events.join(',')}]}`;
    log.seq += events.length;
    log.entries = [...log.entries, ...events].slice(-maxEvents);
    const published = decodePublication(text);
    queueMicrotask(() => {
      for (const member of members)
        if (member.conversationId === conversationId && published) member.listener.onEvents(published);
    });
  };

  const fenceOf = (term: number, turn: number, attempt: number): string => `${term}.${turn}.${attempt}`;

  const halted = (conversationId: string, turn: number, why: HaltReason): void => {
    for (const watcher of watching)
      if (watcher.conversationId === conversationId && watcher.turn === turn) watcher.onHalt(why);
  };

  return {
    async open(conversationId, { term, turn }, { once, always, closing = false }) {
      let log = logs.get(conversationId);
      if (log && (term < log.term || (term === log.term && turn < log.turn))) return 'stale';
      if (log?.halted === turn && !closing) return 'halted';
      if (!log || turn < log.turn) log = create(conversationId, term);
      const attempt = turn === log.turn ? log.attempt + 1 : 1;
      if (attempt === 1) log.turnStart = log.seq;
      Object.assign(log, { term, turn, attempt, draft: fenceOf(term, turn, attempt) });
      const events = attempt === 1 ? [...once, ...always(attempt)] : always(attempt);
      put(conversationId, log, events.map(encodeEvent));
      return { conversationId, term, turn, attempt, generation: log.generation };
    },

    async append({ conversationId, generation, term, turn, attempt }, events) {
      const log = logs.get(conversationId);
      if (log?.generation !== generation || log.draft !== fenceOf(term, turn, attempt)) return 'stale';
      put(conversationId, log, events.map(encodeEvent));
      return { generation, seq: log.seq };
    },

    async announce(conversationId, term, events) {
      const log = logs.get(conversationId);
      if (log?.term !== term) return 'stale';
      put(conversationId, log, events.map(encodeEvent));
      return 'announced';
    },

    async raise(conversationId, term) {
      const log = logs.get(conversationId) ?? create(conversationId, term);
      const isOpen = log.draft !== '';
      Object.assign(log, { term: Math.max(log.term, term), draft: '' });
      if (isOpen) halted(conversationId, log.turn, 'raised');
    },

    async halt(conversationId, turn) {
      const log = logs.get(conversationId);
      if (!log || (turn !== undefined && turn !== log.turn)) return;
      Object.assign(log, { draft: '', halted: log.turn });
      halted(conversationId, log.turn, 'halted');
    },

    watch(conversationId, turn, onHalt) {
      const watcher = { conversationId, turn, onHalt };
      watching.add(watcher);
      return () => void watching.delete(watcher);
    },

    async head(conversationId) {
      const log = logs.get(conversationId);
      if (!log) return null;
      const { generation, seq, turn, turnStart, entries } = log;
      return { generation, seq, first: seq - entries.length + 1, turn, turnStart };
    },

    async after(conversationId, { generation, seq }, limit) {
      const log = logs.get(conversationId);
      if (log?.generation !== generation || !Number.isSafeInteger(seq) || seq < 0) return { continuous: false };
      const from = seq - (log.seq - log.entries.length);
      if (seq > log.seq || from < 0) return { continuous: false };
      const events: LoggedEvent[] | null = decodeEntries(generation, seq + 1, log.entries.slice(from, from + limit));
      return events ? { continuous: true, events } : { continuous: false };
    },

    async subscribe(conversationId, listener) {
      const member = { conversationId, listener };
      members.add(member);
      return () => void members.delete(member);
    },

    flush: () => logs.clear(),

    trim(conversationId, keep) {
      const log = logs.get(conversationId);
      if (log) log.entries = keep > 0 ? log.entries.slice(-keep) : [];
    },

    interrupt() {
      for (const { listener } of members) listener.onGap();
    },
  };
};
