import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import fp from 'fastify-plugin';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import type { Action } from '../../../contracts/actions.ts';
import type { ConversationStart, CustomerMessage } from '../../../contracts/conversation.ts';
import type { Message } from '../../../contracts/events.ts';
import { type ServerFrame, serverFrame } from '../../../contracts/frames.ts';
import { createGateway, type GatewayOptions } from '../../../gateway/app.ts';
import type { Conversations, DecisionOutcome, Transcripts } from '../../../gateway/ports.ts';
import type { Ratings } from '../../../store/ratings.ts';
import type { Standing } from '../../../store/standing.ts';
import { createMemoryEventLog } from '../../../stream/memory.ts';

export const SECRET = 'a secret of the tests, long enough';
export const IDENTITY_SECRET = 'what the company signs with, in tests';

/** What stands behind one or more gateways, all of it in this process. */
export const createBacking = () => {
  const log = createMemoryEventLog();
  const said = new Map<string, Message[]>();
  const asked = new Map<string, Action[]>();
  const outcomes = new Map<string, DecisionOutcome>();
  const closed = new Set<string>();
  const standings = new Map<string, Standing>();
  const scores = new Map<string, number>();
  const wishes: { start: ConversationStart; clientMessageId: string }[] = [];
  const delivered: { start: ConversationStart; message: CustomerMessage }[] = [];
  const faults = { temporal: false, redis: false, postgres: false, deliverMs: () => 0, lookUpMs: 0 };

  const reach = (part: 'temporal' | 'redis' | 'postgres'): void => {
    if (faults[part]) throw new Error(`${part} is down`);
  };
  const conversations: Conversations = {
    async deliver(start, message) {
      await sleep(faults.deliverMs());
      reach('temporal');
      delivered.push({ start, message });
    },
    async wantPerson(start, clientMessageId) {
      reach('temporal');
      wishes.push({ start, clientMessageId });
    },
    async decide(_conversationId, decision) {
      reach('temporal');
      return outcomes.get(decision.action) ?? { kind: 'decided', decision: decision.decision };
    },
    async check() {
      reach('temporal');
    },
  };
  const transcripts: Transcripts = {
    async messages(conversationId) {
      reach('postgres');
      return said.get(conversationId) ?? [];
    },
    async actions(conversationId) {
      reach('postgres');
      return asked.get(conversationId) ?? [];
    },
    async standing(conversationId) {
      reach('postgres');
      return standings.get(conversationId) ?? null;
    },
    async isClosed(conversationId) {
      await sleep(faults.lookUpMs);
      reach('postgres');
      return closed.has(conversationId);
    },
  };
  const ratings: Ratings = {
    async give(conversationId, score) {
      reach('postgres');
      if (!standings.get(conversationId)?.resolved?.rate) return null;
      const counts = scores.get(conversationId) ?? score;
      scores.set(conversationId, counts);
      return counts;
    },
  };
  const events: typeof log = {
    ...log,
    async head(conversationId) {
      reach('redis');
      return log.head(conversationId);
    },
    async after(conversationId, position, limit) {
      reach('redis');
      return log.after(conversationId, position, limit);
    },
  };
  return {
    ...{ log, said, asked, standings, wishes, outcomes, closed, delivered, faults },
    ...{ conversations, transcripts, ratings, events },
  };
};

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

export type Backing = ReturnType<typeof createBacking>;

export const provideTranscripts = async (app: FastifyInstance, { transcripts, ratings }: Backing): Promise<void> => {
  const decorate = async (each: FastifyInstance): Promise<void> => {
    each.decorate('transcripts', transcripts);
    each.decorate('ratings', ratings);
  };
  await app.register(fp(decorate, { name: 'transcripts' }));
};

const startGateway = async (
  backing: Backing,
  options: Partial<GatewayOptions> = {},
): Promise<{ app: FastifyInstance; url: string; origin: string; lines: string[] }> => {
  const lines: string[] = [];
  const app = await createGateway({
    secret: SECRET,
    identitySecret: IDENTITY_SECRET,
    origins: ['https://shop.example'],
    desk: { company: 'Acme Outdoor', assistant: 'Robin' },
    logger: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }),
    async backing(gateway) {
      const { conversations, events } = backing;
      await gateway.register(fp(async (each) => void each.decorate('events', events), { name: 'events' }));
      await provideTranscripts(gateway, backing);
      await gateway.register(
        fp(async (each) => void each.decorate('conversations', conversations), { name: 'conversations' }),
      );
    },
    ...options,
  });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const { port } = app.server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  return { app, origin, url: `ws://127.0.0.1:${port}/v1/socket`, lines };
};

/** A client that keeps every frame and checks that each is one of the contract. */
const connect = async (url: string, origin: string) => {
  const socket = new WebSocket(url, { origin });
  const frames: ServerFrame[] = [];
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const look of waiting) look();
  };
  let closeCode: number | null = null;
  socket.on('message', (data) => {
    frames.push(serverFrame.parse(JSON.parse(data.toString())));
    wake();
  });
  socket.on('error', () => {});
  socket.on('close', (code) => {
    closeCode = code;
    wake();
  });
  await once(socket, 'open');

  const until = <T>(what: string, pick: () => T | null | undefined | false, ms = 5_000): Promise<T> =>
    new Promise((resolve, reject) => {
      const look = (): void => {
        const picked = pick();
        if (picked === null || picked === undefined || picked === false) return;
        waiting.delete(look);
        clearTimeout(timer);
        resolve(picked);
      };
      const timer = setTimeout(() => {
        waiting.delete(look);
        reject(new Error(`${what}: not within ${ms} ms; got ${JSON.stringify(frames).slice(0, 2_000)}, ${closeCode}`));
      }, ms);
      waiting.add(look);
      look();
    });

  const client = {
    socket,
    frames,
    send: (frame: unknown): void => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    until,
    /** The first frame of a type, counted from `from`. */
    frame: <T extends ServerFrame['type']>(type: T, from = 0) =>
      until(type, () =>
        frames.slice(from).find((frame): frame is Extract<ServerFrame, { type: T }> => frame.type === type),
      ),
    closed: (ms?: number): Promise<number> => until('close', () => closeCode, ms),
    closeCode: () => closeCode,
    async hello(rest: object = {}) {
      client.send({ type: 'hello', protocol: 1, ...rest });
      return client.frame('welcome');
    },
  };
  return client;
};

export type Client = Awaited<ReturnType<typeof connect>>;

/** Gateways and clients of one test, over one backing; ended after it. */
export const useGateways = () => {
  let backing: Backing;
  let apps: FastifyInstance[];
  let clients: Client[];
  beforeEach(() => {
    backing = createBacking();
    apps = [];
    clients = [];
  });
  afterEach(async () => {
    for (const { socket } of clients) socket.terminate();
    await Promise.all(apps.map((app) => app.close()));
  });
  return {
    backing: (): Backing => backing,
    async gateway(options: Partial<GatewayOptions> = {}) {
      const started = await startGateway(backing, options);
      apps.push(started.app);
      return started;
    },
    async client({ url, origin }: { url: string; origin: string }): Promise<Client> {
      const connected = await connect(url, origin);
      clients.push(connected);
      return connected;
    },
  };
};
