import type { TurnFence } from '../contracts/conversation.ts';
import type { DeskEvent, LoggedEvent, Position } from '../contracts/events.ts';

/** What an append must show: the fence it was opened with, in the generation it was opened in. */
export type Draft = TurnFence & { conversationId: string; generation: string; attempt: number };

/** The log moved on: a higher fence was raised, or this generation is gone. Nothing was written; stop and return. */
export type Stale = 'stale';

/** Somebody ended this turn's speech (`halt`): only its closing may be opened now. */
export type Halted = 'halted';

/** The writing end of a conversation's event log. Every method rejects with `StreamUnavailable` when Redis does. */
export interface EventWriter {
  /**
   * Opens a turn for writing: hands out the next attempt, which makes every earlier draft stale. `once` is appended only
   * by the first attempt of a turn in a generation, `always` by each, both in the same atomic step.
   * Stale when the log has seen a higher term or turn; halted when this turn was, unless `closing` it.
   */
  open(
    conversationId: string,
    fence: TurnFence,
    opening: { once: DeskEvent[]; always: (attempt: number) => DeskEvent[]; closing?: boolean },
  ): Promise<Draft | Stale | Halted>;
  /** Appends in order, all or nothing, and publishes to live readers. Resolves with the position of the last event. */
  append(draft: Draft, events: readonly DeskEvent[]): Promise<Position | Stale>;
  /**
   * Appends beside whatever is being written, as long as the log is at exactly this term: what is true of the wait or of the
   * owner and is part of no turn. `stale`: another term, or no log; nothing was written.
   */
  announce(conversationId: string, term: number, events: readonly DeskEvent[]): Promise<'announced' | Stale>;
  /**
   * Makes every open draft of the conversation stale without opening another, and tells whoever watches it with `Halts`: a
   * takeover calls this before it tells the workflow. Below `term` nothing can be opened afterwards.
   */
  raise(conversationId: string, term: number): Promise<void>;
  /**
   * Ends what is being said in `turn`, or in whichever turn is open: its draft goes stale, whoever watches it with `Halts` is
   * told, and the turn can only be opened for closing. Does nothing when another turn is open.
   */
  halt(conversationId: string, turn?: number): Promise<void>;
}

/** Somebody stopped the turn, or it is another's to speak. */
export type HaltReason = 'halted' | 'raised';

/** Where writers learn of a `halt` or a `raise` before their next append, within a few milliseconds. */
export interface Halts {
  /** Calls `onHalt` when this turn's draft is ended from outside. The result ends it. A lost connection may lose one. */
  watch(conversationId: string, turn: number, onHalt: (why: HaltReason) => void): () => void;
}

/** What the log holds. `turn` was opened last, after the event `turnStart`; `first` is the oldest kept. */
export type Head = { generation: string; seq: number; first: number; turn: number; turnStart: number };

/** Events after a position, or the reason why continuity with it cannot be proven. */
export type Range = { continuous: true; events: LoggedEvent[] } | { continuous: false };

/** The reading end. */
export interface EventReader {
  /** `null` when there is no log (nothing was said since Redis was last emptied). */
  head(conversationId: string): Promise<Head | null>;
  /** At most `limit` events after `after`, oldest first. Not continuous: trimmed, ahead of the head, another generation. */
  after(conversationId: string, after: Position, limit: number): Promise<Range>;
  /**
   * Calls `onEvents` with what is appended from now on, in order, as it was published, and `onGap` whenever something may
   * have been missed (the connection to Redis was lost and is back): the caller must compare positions and catch up.
   * Resolves once the subscription is live; the result ends it.
   */
  subscribe(
    conversationId: string,
    listener: { onEvents(events: LoggedEvent[]): void; onGap(): void },
  ): Promise<() => void>;
}
