import type { ActionDecision } from '../contracts/actions.ts';
import { afterClose, CLOSE } from '../contracts/close-codes.ts';
import type { LoggedEvent } from '../contracts/events.ts';
import type { ClientFrame, Hello, ServerFrame, Welcome } from '../contracts/frames.ts';
import { type Clock, systemClock } from './clock.ts';
import { type ConnectionStatus, createConnection } from './connection.ts';
import { applyEvents, applySnapshot, type ConversationView, emptyView } from './conversation-view.ts';
import { createDecisions, type Pressed } from './decisions.ts';
import { createMemory, type OutgoingMessage, type Storage } from './memory.ts';
import { createOutbox } from './outbox.ts';
import { readServerFrame } from './server-frames.ts';
import type { SocketConstructor } from './socket.ts';

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

  const outbox = createOutbox({
    memory,
    clock,
    newId,
    transmit: (frame) => connection.send(frame),
    changed: () => update({ outbox: outbox.entries() }),
  });

  const decisions = createDecisions({
    clock,
    newId,
    transmit: (frame) => connection.send(frame),
    changed: () => update({ pressed: decisions.pressed() }),
  });

  let state: ClientState = {
    connection: { status: 'connecting' },
    conversationId: memory.read().conversation,
    customer: null,
    desk: null,
    view: emptyView,
    isLoaded: false,
    outbox: outbox.entries(),
    pressed: [],
    conversationGone: false,
  };

  const update = (change: Partial<ClientState>): void => {
    state = { ...state, ...change };
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
    outbox.abandon();
    decisions.forget();
    remember(null);
    update({ conversationId: null, view: emptyView, isLoaded: false, pressed: [] });
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
    outbox.goOnline(id);
    decisions.goOnline();
  };

  /** Both at once: no state ever has a message twice, in the view and in the outbox. */
  const show = (view: ConversationView, isLoaded = state.isLoaded): void => {
    state = { ...state, view, isLoaded };
    const shown = new Set(view.messages.map((message) => message.id));
    outbox.seen((clientMessageId) => shown.has(`c:${clientMessageId}`));
    update({});
  };

  const onEvents = (events: readonly LoggedEvent[]): void => {
    const { view, continuous } = applyEvents(state.view, events);
    show(view);
    if (continuous) return;
    needsSnapshot = true;
    connection.restart();
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
        outbox.acknowledged(frame.clientMessageId);
        break;
      case 'decided':
        decisions.decided(frame);
        break;
      case 'error':
        decisions.refused(frame);
        outbox.refused(frame);
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
      if (status.status !== 'online') {
        outbox.goOffline();
        decisions.goOffline();
      }
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
