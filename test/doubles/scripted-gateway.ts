import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { jwtVerify } from 'jose';
import { type WebSocket, WebSocketServer } from 'ws';
import { CLOSE } from '../../contracts/close-codes.ts';
import { position } from '../../contracts/events.ts';
import { clientFrame, type Hello, type ServerFrame } from '../../contracts/frames.ts';
import { createConversation, type Script, type ScriptedConversation } from './scripted-conversation.ts';

export type GatewayOptions = {
  script: Script;
  identitySecret?: string;
  /** Serves everything that is not the socket. */
  http?: RequestListener;
  /** What happens to an acknowledgement: `true` loses it. */
  losesAck?: () => boolean;
};

/** Speaks the gateway's protocol on loopback over scripted conversations, so that clients can be tested without a desk. */
export const startScriptedGateway = async ({ script, identitySecret, http, losesAck }: GatewayOptions) => {
  const conversations = new Map<string, ScriptedConversation>();
  const sessions = new Map<string, string>();
  let isReachable = true;
  const server = createServer(http);
  const sockets = new WebSocketServer({ server, path: '/v1/socket', verifyClient: () => isReachable });

  const subjectOf = async ({ identity, session }: Hello): Promise<{ owner: string; token?: string; name?: string }> => {
    if (identity !== undefined) {
      const key = new TextEncoder().encode(identitySecret);
      const { payload } = await jwtVerify(identity, key, {
        audience: 'duradesk',
        requiredClaims: ['exp', 'sub', 'aud'],
      });
      return { owner: `customer:${payload.sub}`, ...(typeof payload.name === 'string' && { name: payload.name }) };
    }
    const known = session === undefined ? undefined : sessions.get(session);
    if (session !== undefined && known === undefined) throw new Error('no such session');
    const owner = known ?? `visitor:${randomBytes(16).toString('base64url')}`;
    const token = session ?? randomBytes(16).toString('base64url');
    sessions.set(token, owner);
    return { owner, token };
  };

  const greet = async (socket: WebSocket, hello: Hello): Promise<ScriptedConversation | null> => {
    const subject = await subjectOf(hello).catch(() => null);
    if (!subject) {
      socket.close(CLOSE.unauthorized);
      return null;
    }
    const known = hello.conversation && conversations.get(hello.conversation.id);
    if (hello.conversation && known?.owner !== subject.owner) {
      socket.close(CLOSE.notFound);
      return null;
    }
    const conversation = known ?? createConversation(subject.owner, script);
    conversations.set(conversation.id, conversation);
    const from = position.safeParse(hello.conversation?.position).data;
    const resumed = conversation.continues(from);
    const id = subject.owner.startsWith('customer:') ? subject.owner.slice('customer:'.length) : null;
    const send = (frame: ServerFrame): void => {
      if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(frame));
    };
    send({
      type: 'welcome',
      protocol: 1,
      ...(subject.token !== undefined && { session: subject.token }),
      conversation: { id: conversation.id },
      customer: id === null ? null : { id, ...(subject.name !== undefined && { name: subject.name }) },
      resumed,
      heartbeatMs: 1_000,
      desk: { company: 'Fjell & Fjord', assistant: 'Juno' },
    });
    const heartbeat = setInterval(() => send({ type: 'heartbeat' }), 500);
    const unfollow = conversation.follow(resumed && from ? from : null, send);
    socket.on('close', () => {
      clearInterval(heartbeat);
      unfollow();
    });
    return conversation;
  };

  sockets.on('connection', (socket) => {
    let conversation: ScriptedConversation | null = null;
    let work = Promise.resolve();
    const receive = async (data: string): Promise<void> => {
      const frame = clientFrame.parse(JSON.parse(data));
      if (frame.type === 'hello') conversation = await greet(socket, frame);
      else if (frame.type === 'decide') conversation?.decide(frame, (answer) => socket.send(JSON.stringify(answer)));
      else if (frame.type === 'rate') conversation?.rate(frame, (answer) => socket.send(JSON.stringify(answer)));
      else if (frame.type === 'person') {
        conversation?.wantPerson(frame.clientMessageId);
        socket.send(JSON.stringify({ type: 'ack', clientMessageId: frame.clientMessageId }));
      } else if (frame.type === 'send') {
        conversation?.accept(frame);
        if (!losesAck?.()) socket.send(JSON.stringify({ type: 'ack', clientMessageId: frame.clientMessageId }));
      }
    };
    socket.on('message', (data) => {
      work = work.then(() => receive(String(data))).catch(() => socket.close(CLOSE.protocol));
    });
  });

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://127.0.0.1:${port}`,
    socketUrl: `ws://127.0.0.1:${port}/v1/socket`,
    conversations,
    /** Breaks every link without a word. */
    breakLinks(): void {
      for (const socket of sockets.clients) socket.terminate();
    },
    /** Refuses new links until told otherwise; the page itself is still served. */
    setReachable(reachable: boolean): void {
      isReachable = reachable;
    },
    async stop(): Promise<void> {
      for (const socket of sockets.clients) socket.terminate();
      sockets.close();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
};

export type ScriptedGateway = Awaited<ReturnType<typeof startScriptedGateway>>;
