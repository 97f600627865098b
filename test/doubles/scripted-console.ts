import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';
import type { z } from 'zod';
import * as contract from '../../contracts/console.ts';
import { type ConsoleServerFrame, consoleClientFrame, consoleServerFrame } from '../../contracts/console-frames.ts';
import { position } from '../../contracts/events.ts';
import { type ConsoleConversation, createConsoleConversation } from './console-conversation.ts';

export type ConsoleOptions = {
  me: contract.Me;
  floor: contract.Floor;
  conversations: Omit<contract.ConversationView, 'position'>[];
  lists: Record<'mine' | 'waiting' | 'approvals' | 'recent', string[]>;
  /** Serves the page. */
  http: RequestListener;
  openId?: { title: string };
};

export const password = 'a password that is long enough';

/** What was asked for, in order; bodies as the contract read them. */
export type Asked = { path: string; body: unknown };

/** Speaks the console's contract on loopback, through its own schemas both ways, so that screens can be tested without a desk. */
export const startScriptedConsole = async (options: ConsoleOptions) => {
  const conversations = new Map<string, ConsoleConversation>();
  for (const view of options.conversations) conversations.set(view.entry.id, createConsoleConversation(view));
  const lists = { all: [], ...options.lists };
  let me = options.me;
  const asked: Asked[] = [];
  const failing = new Map<string, number>();
  const sockets = new Set<WebSocket>();
  let isSignedIn = true;
  let isReachable = true;
  let offers: Extract<ConsoleServerFrame, { type: 'welcome' }>['offers'] = [];

  const tell = (frame: ConsoleServerFrame): void => {
    const text = JSON.stringify(consoleServerFrame.parse(frame));
    for (const socket of sockets) socket.send(text);
  };
  const changed = (what: 'lists' | 'me' | 'floor'): void => tell({ type: 'changed', what });
  const viewChanged = (conversation: string): void => {
    tell({ type: 'changed', what: 'view', conversation });
    changed('lists');
  };

  const release = (id: string, { how, desk }: z.infer<typeof contract.releaseRequest>): unknown => {
    const one = conversations.get(id);
    one?.change(({ entry }) => ({
      entry: {
        ...entry,
        owner: how === 'transfer' ? 'waiting' : 'assistant',
        status: how === 'resolve' ? 'resolved' : 'open',
        desk: desk ?? entry.desk,
        agent: null,
        term: entry.term + 1,
      },
    }));
    lists.mine = lists.mine.filter((mine) => mine !== id);
    lists.recent = [id, ...lists.recent];
    const { entry } = one?.view() ?? {};
    one?.append({ type: 'owner.changed', owner: entry?.owner ?? 'assistant', term: entry?.term ?? 0 });
    return contract.released.parse({ term: entry?.term });
  };

  const take = (id: string): void => {
    const { id: agent, name } = me;
    conversations.get(id)?.change(({ entry }) => ({
      entry: { ...entry, owner: 'agent', agent: { id: agent, name }, term: entry.term + 1 },
    }));
    lists.waiting = lists.waiting.filter((one) => one !== id);
    lists.mine = [...lists.mine, id];
  };

  const listed = (view: string): unknown => {
    const ids = lists[contract.conversationsView.parse(view)];
    return contract.conversationList.parse({
      conversations: ids.flatMap((id) => conversations.get(id)?.view().entry ?? []),
    });
  };

  const post = (path: string, body: unknown): { status: number; body?: unknown } => {
    const [, id = '', what] = /^conversations\/([^/]+)\/(\w+)$/.exec(path) ?? [];
    const one = conversations.get(id);
    const read = <T>(schema: z.ZodType<T>): T => {
      const value = schema.parse(body);
      asked.push({ path, body: value });
      return value;
    };
    if (path === 'status') {
      me = { ...me, status: read(contract.statusChange).status };
      return { status: 204 };
    }
    if (path === 'offers') {
      const { answer, offer } = read(contract.offerReply);
      const open = offers.find((each) => each.offer === offer);
      offers = offers.filter((each) => each !== open);
      if (!open) return { status: 409, body: { error: 'this offer is not open any more' } };
      if (answer === 'decline') return { status: 200, body: contract.offerTaken.parse({ conversationId: null }) };
      take(open.conversationId);
      return { status: 200, body: contract.offerTaken.parse({ conversationId: open.conversationId }) };
    }
    if (/^floor\/desks\//.test(path)) {
      read(contract.switchRequest);
      return { status: 204 };
    }
    if (/^floor\/agents\//.test(path)) {
      read(contract.agentStatusRequest);
      return { status: 204 };
    }
    if (/^floor\/conversations\//.test(path)) {
      read(contract.reassignRequest);
      return { status: 202 };
    }
    if (!one) return { status: 404, body: { error: 'there is no such conversation' } };
    switch (what) {
      case 'messages': {
        const { clientMessageId, text } = read(contract.agentSend);
        const turn = (one.view().messages.at(-1)?.turn ?? 0) + 1;
        const at = new Date().toISOString();
        one.append({
          type: 'message.added',
          message: { id: `g:${clientMessageId}`, author: 'agent', by: me.name, turn, text, at },
        });
        return { status: 202 };
      }
      case 'notes': {
        const note = read(contract.newNote);
        const by = { id: me.id, name: me.name };
        one.change(({ notes }) => ({ notes: [...notes, { ...note, by, at: new Date().toISOString() }] }));
        viewChanged(id);
        return { status: 201 };
      }
      case 'release':
        return { status: 200, body: release(id, read(contract.releaseRequest)) };
      case 'approvals': {
        const { action, decision, arguments: other } = read(contract.approvalRequest);
        const state = decision === 'deny' ? 'denied' : 'done';
        one.change(({ actions, approvals }) => ({
          actions: actions.map((each) => (each.id === action && !other ? { ...each, state } : each)),
          approvals: approvals.map((each) => (each.id === action && !other ? { ...each, state } : each)),
        }));
        const changedAction = one.view().actions.find((each) => each.id === action);
        if (changedAction) one.append({ type: 'action.changed', action: changedAction });
        lists.approvals = [];
        return {
          status: 200,
          body: { state: decision === 'deny' ? 'denied' : other ? 'checking' : 'approved', approvals: 1 },
        };
      }
      case 'suggestion':
        read(contract.suggestionRequest);
        return { status: 202 };
      default:
        return { status: 404, body: { error: 'there is no such path' } };
    }
  };

  const get = (path: string, query: URLSearchParams): { status: number; body: unknown } => {
    const id = /^conversations\/([^/]+)$/.exec(path)?.[1];
    if (path === 'me') return { status: 200, body: contract.me.parse(me) };
    if (path === 'floor') return { status: 200, body: contract.floor.parse(options.floor) };
    if (path === 'conversations') return { status: 200, body: listed(query.get('view') ?? '') };
    const view = id === undefined ? undefined : conversations.get(id)?.view();
    return view
      ? { status: 200, body: contract.conversationView.parse(view) }
      : { status: 404, body: { error: 'there is no such conversation' } };
  };

  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const path = /^\/console\/api\/(.+)$/.exec(pathname)?.[1];
    if (path === undefined) {
      options.http(request, response);
      return;
    }
    if (!isReachable) {
      request.socket.destroy();
      return;
    }
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const body: unknown = chunks.length > 0 ? JSON.parse(Buffer.concat(chunks).toString()) : undefined;
      const answer = answerTo(request.method ?? 'GET', path, searchParams, body);
      response.writeHead(answer.status, { 'content-type': 'application/json' });
      response.end(answer.body === undefined ? '' : JSON.stringify(answer.body));
    });
  });

  const answerTo = (method: string, path: string, query: URLSearchParams, body: unknown) => {
    const failure = failing.get(path);
    if (failure !== undefined) return { status: failure, body: { error: 'it failed' } };
    if (path === 'sign-in' && method === 'GET') {
      return {
        status: 200,
        body: contract.signInWays.parse({ company: me.company, openId: options.openId ?? null }),
      };
    }
    if (path === 'sign-in') {
      const given = contract.signIn.safeParse(body).data;
      isSignedIn = given?.id === me.id && given.password === password;
      return isSignedIn ? { status: 204 } : { status: 401, body: { error: 'not with this name and password' } };
    }
    if (path === 'sign-out') {
      isSignedIn = false;
      return { status: 204 };
    }
    if (!isSignedIn) return { status: 401, body: { error: 'sign in first' } };
    return method === 'GET' ? get(path, query) : post(path, body);
  };

  const socketServer = new WebSocketServer({ server, path: '/console/socket', verifyClient: () => isReachable });
  socketServer.on('connection', (socket) => {
    const unfollow = new Map<string, () => void>();
    const send = (frame: ConsoleServerFrame): void => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(consoleServerFrame.parse(frame)));
    };
    sockets.add(socket);
    socket.on('close', () => {
      sockets.delete(socket);
      for (const stop of unfollow.values()) stop();
    });
    socket.on('message', (data: Buffer) => {
      const frame = consoleClientFrame.parse(JSON.parse(data.toString()));
      if (frame.type === 'hello') {
        const agent = { id: me.id, name: me.name };
        send({ type: 'welcome', protocol: 1, agent, offers, now: Date.now(), heartbeatMs: 60_000 });
        return;
      }
      asked.push({ path: `socket/${frame.type}`, body: frame });
      if (frame.type === 'typing') return;
      unfollow.get(frame.conversation)?.();
      unfollow.delete(frame.conversation);
      if (frame.type === 'unwatch') return;
      const one = conversations.get(frame.conversation);
      const from = position.safeParse(frame.position).data;
      if (one) unfollow.set(frame.conversation, one.follow(from, send));
      else send({ type: 'error', code: 'not_found', message: 'there is none', conversation: frame.conversation });
    });
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked,
    tell,
    viewChanged,
    conversation(id: string): ConsoleConversation {
      const one = conversations.get(id);
      if (!one) throw new Error(`there is no conversation ${id}`);
      return one;
    },
    ring(offer: (typeof offers)[number]): void {
      offers = [...offers, offer];
      tell({ type: 'offer.opened', ...offer });
    },
    signOut(): void {
      isSignedIn = false;
    },
    /** Every request for this path fails with this status from here on; `null` ends that. */
    fail(path: string, status: number | null): void {
      if (status === null) failing.delete(path);
      else failing.set(path, status);
    },
    setReachable(reachable: boolean): void {
      isReachable = reachable;
      if (!reachable) for (const socket of sockets) socket.terminate();
    },
    async stop(): Promise<void> {
      for (const socket of sockets) socket.terminate();
      socketServer.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export type ScriptedConsole = Awaited<ReturnType<typeof startScriptedConsole>>;
