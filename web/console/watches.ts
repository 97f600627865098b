import type { ConversationView as Shown } from '../../contracts/console.ts';
import type { ConsoleClientFrame, ConsoleServerFrame } from '../../contracts/console-frames.ts';
import type { DeskEvent, Owner } from '../../contracts/events.ts';
import { pauseBefore } from '../backoff.ts';
import type { Clock } from '../clock.ts';
import { applyEvents, applySnapshot, type ConversationView, emptyView } from '../conversation-view.ts';

export type Viewer = Extract<ConsoleServerFrame, { type: 'presence' }>['viewers'][number];

/** A conversation as it is followed. `isGone`: it is not this agent's to see. */
export type Watched = { view: ConversationView; isLoaded: boolean; viewers: readonly Viewer[]; isGone: boolean };

/** What was read over HTTP, to begin with. */
export type Seed = Pick<Shown, 'messages' | 'actions' | 'position'> & { owner: Owner };

export type WatchesDeps = {
  clock: Clock;
  /** Called only between `goOnline` and `goOffline`. */
  transmit(frame: ConsoleClientFrame): void;
  changed(): void;
  /** Events that were new, after they were applied. */
  onEvents(conversation: string, events: readonly DeskEvent[]): void;
};

/** The views of so many conversations are kept, those that were open last, to go on from when they are opened again. */
const MOST = 20;

const unknown: Watched = { view: emptyView, isLoaded: false, viewers: [], isGone: false };

/** The conversations that the console follows. A lost link or log costs nothing: each goes on from where it stands. */
export const createWatches = ({ clock, transmit, changed, onEvents }: WatchesDeps) => {
  const followed = new Set<string>();
  const gaps = new Map<string, number>();
  let known: ReadonlyMap<string, Watched> = new Map();
  let online = false;

  const set = (conversation: string, change: Partial<Watched>): void => {
    const next = new Map(known);
    const before = next.get(conversation) ?? unknown;
    next.delete(conversation);
    next.set(conversation, { ...before, ...change });
    for (const id of next.keys()) if (next.size > MOST && !followed.has(id)) next.delete(id);
    known = next;
    changed();
  };

  const ask = (conversation: string, from: 'here' | 'anew'): void => {
    if (!online || !followed.has(conversation)) return;
    const { position = null } = known.get(conversation)?.view ?? {};
    transmit({ type: 'watch', conversation, ...(from === 'here' && position && { position }) });
  };

  /** A gap that comes again and again is asked about less and less often. */
  const askAnew = (conversation: string): void => {
    const failures = gaps.get(conversation) ?? 0;
    gaps.set(conversation, failures + 1);
    if (failures === 0) ask(conversation, 'anew');
    else clock.after(pauseBefore(failures, clock.random), () => ask(conversation, 'anew'));
  };

  const apply = ({ conversation, events }: Extract<ConsoleServerFrame, { type: 'events' }>): void => {
    const before = known.get(conversation);
    if (!before?.isLoaded) return;
    const { view, continuous } = applyEvents(before.view, events);
    if (view !== before.view) set(conversation, { view });
    if (continuous) gaps.delete(conversation);
    else askAnew(conversation);
    onEvents(
      conversation,
      events.map(({ event }) => event),
    );
  };

  return {
    known: () => known,
    follow(conversation: string, seed: Seed): void {
      followed.add(conversation);
      const before = known.get(conversation);
      if (before?.isLoaded) set(conversation, { isGone: false });
      else {
        const { owner, ...said } = seed;
        const view = { ...applySnapshot(emptyView, said), owner };
        set(conversation, { view, isLoaded: true, isGone: false });
      }
      ask(conversation, 'here');
    },
    leave(conversation: string): void {
      if (!followed.delete(conversation)) return;
      set(conversation, { viewers: [] });
      if (online) transmit({ type: 'unwatch', conversation });
    },
    typing(conversation: string): void {
      if (online && followed.has(conversation)) transmit({ type: 'typing', conversation });
    },
    goOnline(): void {
      online = true;
      for (const conversation of followed) ask(conversation, 'here');
    },
    goOffline(): void {
      online = false;
      for (const conversation of followed)
        if (known.get(conversation)?.viewers.length) set(conversation, { viewers: [] });
    },
    onFrame(frame: ConsoleServerFrame): void {
      switch (frame.type) {
        case 'snapshot':
          if (!followed.has(frame.conversation)) break;
          set(frame.conversation, {
            view: applySnapshot(emptyView, frame),
            isLoaded: true,
          });
          break;
        case 'events':
          if (followed.has(frame.conversation)) apply(frame);
          break;
        case 'presence':
          if (followed.has(frame.conversation)) set(frame.conversation, { viewers: frame.viewers });
          break;
        case 'error':
          if (frame.conversation && frame.code === 'not_found') set(frame.conversation, { isGone: true });
          break;
        default:
      }
    },
  };
};
