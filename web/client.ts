import type { ActionDecision } from '../contracts/actions.ts';
import { afterClose, CLOSE } from '../contracts/close-codes.ts';
import type { LoggedEvent } from '../contracts/events.ts';
import type { ClientFrame, Hello, ServerFrame, Welcome } from '../contracts/frames.ts';
import { type Clock, systemClock } from './clock.ts';
import { createCommands } from './commands.ts';
import { type ConnectionStatus, createConnection } from './connection.ts';
import {
  applyEvents,
  applySnapshot,
  asksForRating,
  type ConversationView,
  emptyView,
  termOf,
} from './conversation-view.ts';
import type { Pressed } from './decisions.ts';
import { createMemory, type OutgoingMessage, type Storage } from './memory.ts';
import { readServerFrame } from './server-frames.ts';
import type { SocketConstructor } from './socket.ts';

/** An agent's client says every few seconds that they are writing, or nothing more, milliseconds. */
const TYPING_MS = 6_000;

/** Typed by the contract, whose value would bring zod into the browser. */
const PROTOCOL: Hello['protocol'] = 1;

export type ClientState = {
  connection: ConnectionStatus;
  conversationId: string | null;
  /** Who the gateway takes us for; `null` for a visitor, and before the first `welcome`. */
  customer: Welcome['customer'];
  desk: Welcome['desk'] | null;
  view: ConversationView;
  /** Whether `view` holds what was said before; until the first snapshot of a conversation nobody knows. */
  isLoaded: boolean;
  /** Own messages that `view` does not show yet, in order. */
  outbox: readonly OutgoingMessage[];
  /** What the customer pressed on the cards of `view.actions`. */
  pressed: readonly Pressed[];
  /** The customer asked for a person: on its way, or `sent` and not shown yet by the conversation. */
  personWish: 'pending' | 'sent' | null;
  /** The customer's rating is on its way, or could not be kept. What counts is in `view.rated`. */
  rating: 'sending' | 'failed' | null;
  /** The conversation that was asked for is unknown, someone else's or closed; an empty one took its place. */
  conversationGone: boolean;
};

export type DeskClientOptions = {
  /** `ws://` or `wss://`, host, `/v1/socket`. */
  url: string;
  WebSocket: SocketConstructor;
  storage: Storage;
  /** The customer's, like `de` or `pt-BR`: fixed sentences come in it. What is written is answered in its own language. */
  language?: string;
  /** The company's token for its signed-in customer, asked for before every connection. */
  identity?: () => Promise<string> | string;
  clock?: Clock;
  /** Unguessable and never the same twice; 128 random bits by default. */
  newId?: () => string;
};

/** A conversation that survives reloads, lost links, restarting gateways and sleeping laptops. Connects at once. */
export const createDeskClient = (options: DeskClientOptions) => {
  const { clock = systemClock, newId = randomId } = options;
  const memory = createMemory(options.storage);
  const listeners = new Set<(state: ClientState) => void>();
  let session = memory.read().session;
  /** Continuity was lost: the next `hello` asks for a snapshot. */
  let needsSnapshot = false;
  let shownIdentity: string | undefined;
  /** An identity was refused and none accepted since: one that is asked for anew may still be. */
  let wasRefused = false;
  let cancelTyping: (() => void) | undefined;

  const commands = createCommands({
    memory,
    clock,
    newId,
    transmit: (frame) => connection.send(frame),
    rated: (rated) => update({ view: { ...state.view, rated } }),
    changed: () => update({}),
  });
  const { outbox, decisions } = commands;

  let state: ClientState = {
    connection: { status: 'connecting' },
    conversationId: memory.read().conversation,
    customer: null,
    desk: null,
    view: emptyView,
    isLoaded: false,
    ...commands.state(),
    conversationGone: false,
  };

  const update = (change: Partial<ClientState>): void => {
    state = { ...state, ...change, ...commands.state() };
    for (const listener of listeners) listener(state);
  };

  const remember = (conversationId: string | null): void => {
    memory.change(() => ({ session, conversation: conversationId }));
  };

  const hello = async (): Promise<Hello> => {
    const identity = await options.identity?.();
    const { conversationId, view } = state;
    const position = needsSnapshot ? null : view.position;
    shownIdentity = identity;
    return {
      type: 'hello',
      protocol: PROTOCOL,
      ...(identity !== undefined ? { identity } : session !== null ? { session } : {}),
      ...(options.language !== undefined && { language: options.language }),
      ...(conversationId !== null && { conversation: { id: conversationId, ...(position && { position }) } }),
    };
  };

  const leaveConversation = (): void => {
    commands.forget();
    remember(null);
    update({ conversationId: null, view: emptyView, isLoaded: false });
  };

  const onClose = (code: number): ReturnType<typeof afterClose> => {
    const refusesSession = code === CLOSE.unauthorized && shownIdentity === undefined && session !== null;
    if (refusesSession) session = null;
    if (refusesSession || (code === CLOSE.notFound && state.conversationId !== null)) {
      leaveConversation();
      update({ conversationGone: true });
      return 'now';
    }
    if (code === CLOSE.unauthorized && shownIdentity !== undefined && !wasRefused) {
      wasRefused = true;
      return 'now';
    }
    return afterClose(code);
  };

  const onWelcome = (welcome: Welcome): void => {
    const { id } = welcome.conversation;
    wasRefused = false;
    session = welcome.session ?? session;
    remember(id);
    const isOther = state.conversationId !== null && state.conversationId !== id;
    update({
      conversationId: id,
      customer: welcome.customer,
      desk: welcome.desk,
      ...(isOther && { view: emptyView, isLoaded: false }),
    });
    commands.goOnline(id);
  };

  /** Both at once: no state ever has a message twice, in the view and in the outbox. */
  const show = (view: ConversationView, isLoaded = state.isLoaded): void => {
    state = { ...state, view, isLoaded };
    const shown = new Set(view.messages.map((message) => message.id));
    outbox.seen((clientMessageId) => shown.has(`c:${clientMessageId}`));
    commands.person.seen(view.owner, termOf(view));
    update({});
  };

  const onEvents = (events: readonly LoggedEvent[]): void => {
    const { view, continuous } = applyEvents(state.view, events);
    show(view);
    if (events.some(({ event }) => event.type === 'agent.typing')) forgetTyping();
    if (continuous) return;
    needsSnapshot = true;
    connection.restart();
  };

  const forgetTyping = (): void => {
    cancelTyping?.();
    cancelTyping = clock.after(TYPING_MS, () => update({ view: { ...state.view, typing: null } }));
  };

  const onFrame = (frame: ServerFrame): void => {
    switch (frame.type) {
      case 'welcome':
        onWelcome(frame);
        break;
      case 'snapshot':
        needsSnapshot = false;
        show(applySnapshot(state.view, frame), true);
        break;
      case 'events':
        onEvents(frame.events);
        break;
      case 'ack':
        commands.acknowledged(frame.clientMessageId);
        break;
      case 'decided':
        decisions.decided(frame);
        break;
      case 'rated':
        commands.rating.rated(frame);
        break;
      case 'error':
        commands.refused(frame);
        break;
      default:
    }
  };

  const connection = createConnection<ServerFrame, ClientFrame>({
    url: options.url,
    WebSocket: options.WebSocket,
    clock,
    hello,
    read: readServerFrame,
    onFrame,
    onClose,
    onStatus(status) {
      if (status.status !== 'online') commands.goOffline();
      update({ connection: status });
    },
  });
  connection.reconnect();

  return {
    state: () => state,
    /** Calls `listener` with every new state, from the next one on; the result ends that. */
    subscribe(listener: (state: ClientState) => void): () => void {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    /** Shows the message as pending and sends it until it is acknowledged. The result is its `clientMessageId`. */
    send(text: string): string {
      update({ conversationGone: false });
      return outbox.add(text, state.conversationId);
    },
    /** Ends the reply in flight; what was shown of it stays. */
    stop(): void {
      const { reply } = state.view;
      if (reply) connection.send({ type: 'stop', turn: reply.turn });
    },
    /** The customer's word on an action's card, sent until it is answered. */
    decide(actionId: string, decision: ActionDecision['decision']): void {
      const action = state.view.actions.find(({ id }) => id === actionId);
      if (action) decisions.decide(action, decision);
    },
    /** The customer wants a person. Shown as pending and sent until it is acknowledged; does nothing where one is on the way. */
    askForPerson(): void {
      const { view, conversationId } = state;
      if (view.owner !== 'assistant' || view.closed) return;
      update({ conversationGone: false });
      commands.person.ask(conversationId, termOf(view));
    },
    /** How it was, 1 to 5; does nothing unless the conversation asks for it. */
    rate(score: number, comment?: string): void {
      if (asksForRating(state.view)) commands.rating.rate(state.conversationId, score, comment);
    },
    /** Sends a failed message again, at the end. */
    retry: (clientMessageId: string): void => outbox.retry(clientMessageId, state.conversationId),
    /** Forgets a failed message. */
    discard: (clientMessageId: string): void => outbox.discard(clientMessageId),
    /** Leaves this conversation and has a new one handed out. */
    startNew(): void {
      leaveConversation();
      update({ conversationGone: false });
      connection.reconnect();
    },
    /** For the browser's `online` event and for a button: opens a new connection now. */
    reconnect: (): void => connection.reconnect(),
    /** For a page that becomes visible again. */
    wake: (): void => connection.wake(),
    end: (): void => connection.end(),
  };
};

export type DeskClient = ReturnType<typeof createDeskClient>;

const randomId = (): string =>
  Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('');
