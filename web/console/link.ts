import { afterClose } from '../../contracts/close-codes.ts';
import type { ConsoleClientFrame, ConsoleServerFrame } from '../../contracts/console-frames.ts';
import type { AgentStatus } from '../../contracts/desk.ts';
import type { DeskEvent } from '../../contracts/events.ts';
import type { Hello } from '../../contracts/frames.ts';
import { type Clock, systemClock } from '../clock.ts';
import { type ConnectionStatus, createConnection } from '../connection.ts';
import type { SocketConstructor } from '../socket.ts';
import { readConsoleFrame } from './frames.ts';
import { newSuggestion, type Suggestion, suggested } from './suggestion.ts';
import { createWatches, type Seed, type Watched } from './watches.ts';

/** Typed by the contract, whose value would bring zod into the browser. */
const PROTOCOL: Hello['protocol'] = 1;

type Frame<T extends ConsoleServerFrame['type']> = Extract<ConsoleServerFrame, { type: T }>;
export type Offer = Frame<'welcome'>['offers'][number];

export type LinkState = {
  connection: ConnectionStatus;
  /** Offers that ring, the one that rings out first first. */
  offers: readonly Offer[];
  /** What the server's clock is ahead of this one's, milliseconds. */
  aheadMs: number;
  /** Where a desk has the agent in another status than the chosen one, such as wrap-up. */
  statuses: Readonly<Record<string, AgentStatus>>;
  watched: ReadonlyMap<string, Watched>;
  /** The newest draft of each conversation. */
  suggestions: Readonly<Record<string, Suggestion>>;
};

export type LinkDeps = {
  /** `ws://` or `wss://`, host, `/console/socket`. */
  url: string;
  WebSocket: SocketConstructor;
  clock?: Clock;
  onChanged(frame: Pick<Frame<'changed'>, 'what' | 'conversation'>): void;
  onEvents(conversation: string, events: readonly DeskEvent[]): void;
  onOffer(offer: Offer): void;
  onOfferClosed(offer: Offer, why: string): void;
  onSla(frame: Frame<'sla.reached'>): void;
};

/** The console's socket: opens at once, comes back by itself, and goes on where it was. */
export const createLink = ({ url, WebSocket, clock = systemClock, ...deps }: LinkDeps) => {
  const listeners = new Set<() => void>();
  let wasOnline = false;
  let state: LinkState = {
    connection: { status: 'connecting' },
    offers: [],
    aheadMs: 0,
    statuses: {},
    watched: new Map(),
    suggestions: {},
  };

  const update = (change: Partial<LinkState>): void => {
    state = { ...state, ...change };
    for (const listener of listeners) listener();
  };

  const watches = createWatches({
    clock,
    transmit: (frame) => connection.send(frame),
    changed: () => update({ watched: watches.known() }),
    onEvents: deps.onEvents,
  });

  const hasOffer = ({ desk, offer }: Pick<Offer, 'desk' | 'offer'>) =>
    state.offers.find((open) => open.desk === desk && open.offer === offer);

  const withOffers = (offers: readonly Offer[]): void => {
    const fresh = offers.filter((offer) => !hasOffer(offer));
    update({ offers: offers.toSorted((a, b) => a.until - b.until) });
    for (const offer of fresh) deps.onOffer(offer);
  };

  const closeOffer = ({ desk, offer }: Pick<Offer, 'desk' | 'offer'>, why: string): void => {
    const open = hasOffer({ desk, offer });
    if (!open) return;
    update({ offers: state.offers.filter((one) => one !== open) });
    deps.onOfferClosed(open, why);
  };

  const onFrame = (frame: ConsoleServerFrame): void => {
    watches.onFrame(frame);
    switch (frame.type) {
      case 'welcome':
        update({ aheadMs: frame.now - clock.now(), statuses: {} });
        withOffers(frame.offers);
        watches.goOnline();
        // Whatever changed while nobody was listening has to be read again.
        if (wasOnline) for (const what of ['me', 'lists', 'view', 'floor'] as const) deps.onChanged({ what });
        wasOnline = true;
        break;
      case 'offer.opened':
        withOffers([...state.offers.filter((open) => open !== hasOffer(frame)), frame]);
        break;
      case 'offer.closed':
        closeOffer(frame, frame.why);
        break;
      case 'status.changed':
        update({ statuses: { ...state.statuses, [frame.desk]: frame.status } });
        deps.onChanged({ what: 'me' });
        break;
      case 'changed':
        deps.onChanged(frame);
        break;
      case 'sla.reached':
        deps.onSla(frame);
        break;
      case 'suggestion.delta':
      case 'suggestion.ended':
      case 'suggestion.failed': {
        const known = state.suggestions[frame.conversation];
        if (known) update({ suggestions: { ...state.suggestions, [frame.conversation]: suggested(known, frame) } });
        break;
      }
      default:
    }
  };

  const connection = createConnection<ConsoleServerFrame, ConsoleClientFrame>({
    url,
    WebSocket,
    clock,
    hello: () => Promise.resolve({ type: 'hello', protocol: PROTOCOL }),
    read: readConsoleFrame,
    onFrame,
    onClose: afterClose,
    onStatus(status) {
      if (status.status !== 'online') watches.goOffline();
      update({ connection: status });
    },
  });
  connection.reconnect();

  return {
    state: () => state,
    subscribe(listener: () => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Epoch milliseconds by the server's clock. */
    now: () => clock.now() + state.aheadMs,
    follow: (conversation: string, seed: Seed): void => watches.follow(conversation, seed),
    leave: (conversation: string): void => watches.leave(conversation),
    typing: (conversation: string): void => watches.typing(conversation),
    /** An answered offer is gone from the screen, whatever the server says of it later. */
    answered: (offer: Offer): void => update({ offers: state.offers.filter((open) => open !== hasOffer(offer)) }),
    /** A draft that was asked for under this `commandId`; `null` forgets it. */
    expectSuggestion(conversation: string, commandId: string | null): void {
      const { [conversation]: _, ...others } = state.suggestions;
      update({ suggestions: commandId === null ? others : { ...others, [conversation]: newSuggestion(commandId) } });
    },
    reconnect: (): void => connection.reconnect(),
    wake: (): void => connection.wake(),
    end: (): void => connection.end(),
  };
};

export type Link = ReturnType<typeof createLink>;
