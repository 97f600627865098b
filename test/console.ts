import type { AddressInfo } from 'node:net';
import { pino } from 'pino';
import { WebSocket } from 'ws';
import type { AgentAccount } from '../contracts/agents.ts';
import { type ConsoleServerFrame, consoleServerFrame } from '../contracts/console-frames.ts';
import type { LoadedPlaybook } from '../contracts/playbook.ts';
import { createGateway, type GatewayOptions } from '../gateway/app.ts';
import consoleBacking from '../gateway/console/backing.ts';
import type { ConsoleOptions } from '../gateway/console/console.ts';
import events from '../gateway/events.ts';
import temporal from '../gateway/temporal.ts';
import transcripts from '../gateway/transcripts.ts';
import { createAgents } from '../store/agents.ts';
import type { Database } from '../store/database.ts';

export const PASSWORD = 'correct horse battery';

export const accountOf = (id: string, desks: string[], account: Partial<AgentAccount> = {}): AgentAccount => ({
  ...{ id, name: id[0]?.toUpperCase() + id.slice(1), role: 'agent', desks, skills: [], languages: ['en'], capacity: 3 },
  ...account,
});

export const addAgent = async (db: Database, account: AgentAccount): Promise<void> => {
  await createAgents(db).add(account, PASSWORD);
};

type Node = { databaseUrl: string; loaded: LoadedPlaybook; redisUrl?: string; temporalAddress?: string; port?: number };

/** A gateway with the console, over the real parts of the test run. */
export const startConsoleNode = async (
  { databaseUrl, loaded, redisUrl, temporalAddress, port = 0 }: Node,
  options: Partial<Omit<ConsoleOptions, 'limits'>> & Pick<GatewayOptions, 'limits'> = {},
) => {
  const { TEST_REDIS_URL = '', TEST_TEMPORAL_ADDRESS = '' } = process.env;
  const redis = redisUrl ?? TEST_REDIS_URL;
  const to = { address: temporalAddress ?? TEST_TEMPORAL_ADDRESS, namespace: 'default' };
  const lines: string[] = [];
  const app = await createGateway({
    secret: 'a secret of the tests, long enough',
    identitySecret: undefined,
    origins: [],
    desk: { company: 'Test', assistant: 'Tess' },
    logger: pino({ level: 'debug' }, { write: (line) => void lines.push(line) }),
    limits: options.limits ?? {},
    agentsConsole: {
      playbook: loaded.playbook,
      publicUrl: options.publicUrl,
      openId: options.openId,
      webRoot: options.webRoot,
    },
    async backing(gateway) {
      await gateway.register(temporal, to);
      await gateway.register(events, { url: redis });
      await gateway.register(transcripts, { url: databaseUrl });
      await gateway.register(consoleBacking, { databaseUrl, redisUrl: redis, temporal: to });
    },
  });
  await app.listen({ host: '127.0.0.1', port });
  const origin = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return { app, origin, lines };
};

export type ConsoleNode = Awaited<ReturnType<typeof startConsoleNode>>;

/** What a browser does with the console's API. `cookie` is what it holds, and is sent with everything. */
export const browserAt = (origin: string, cookie = '') => {
  const browser = {
    cookie,
    async call(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
      const answer = await fetch(`${origin}/console/api/${path}`, {
        method,
        redirect: 'manual',
        headers: {
          ...(browser.cookie && { cookie: browser.cookie }),
          ...(method !== 'GET' && { origin, 'content-type': 'application/json', 'sec-fetch-site': 'same-origin' }),
          ...headers,
        },
        ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, body: text ? JSON.parse(text) : null, headers: answer.headers };
    },
    get: (path: string) => browser.call('GET', path),
    post: (path: string, body: unknown = {}) => browser.call('POST', path, body),
    async signIn(id: string, password = PASSWORD) {
      const answer = await browser.post('sign-in', { id, password });
      if (answer.status !== 204) throw new Error(`sign-in: ${answer.status} ${JSON.stringify(answer.body)}`);
      browser.cookie = (answer.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
      return browser;
    },
    socket: () => openConsole(origin, browser.cookie),
  };
  return browser;
};

export type Browser = ReturnType<typeof browserAt>;

type Of<T extends ConsoleServerFrame['type']> = Extract<ConsoleServerFrame, { type: T }>;

/** A console's socket that keeps every frame and checks that each is one of the contract. */
export const openConsole = async (at: string, cookie: string, headers: Record<string, string> = {}) => {
  const { origin = at, ...rest } = headers;
  const socket = new WebSocket(`${at.replace('http', 'ws')}/console/socket`, {
    origin,
    headers: { ...(cookie && { cookie }), ...rest },
  });
  const frames: ConsoleServerFrame[] = [];
  let closeCode: number | null = null;
  socket.on('message', (data) => void frames.push(consoleServerFrame.parse(JSON.parse(data.toString()))));
  socket.on('error', () => {});
  socket.on('close', (code) => {
    closeCode = code;
  });
  await new Promise<void>((resolve) => {
    socket.once('open', resolve);
    socket.once('close', () => resolve());
  });

  const until = async <T>(what: string, pick: () => T | null | undefined | false, ms = 10_000): Promise<T> => {
    for (const end = Date.now() + ms; ; ) {
      const picked = pick();
      if (picked !== null && picked !== undefined && picked !== false) return picked;
      if (Date.now() > end)
        throw new Error(`${what}: not within ${ms} ms; got ${JSON.stringify(frames).slice(-2_000)}, ${closeCode}`);
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
  };
  const console = {
    socket,
    frames,
    until,
    send: (frame: unknown): void => socket.send(typeof frame === 'string' ? frame : JSON.stringify(frame)),
    of: <T extends ConsoleServerFrame['type']>(type: T) => frames.filter((each): each is Of<T> => each.type === type),
    frame: <T extends ConsoleServerFrame['type']>(type: T, fits: (frame: Of<T>) => boolean = () => true, ms?: number) =>
      until(type, () => console.of(type).find(fits), ms),
    closed: (ms?: number): Promise<number> => until('close', () => closeCode, ms),
    async hello() {
      console.send({ type: 'hello', protocol: 1 });
      return console.frame('welcome');
    },
    async end() {
      if (closeCode !== null) return;
      socket.close();
      await console.closed();
    },
  };
  return console;
};

export type Console = Awaited<ReturnType<typeof openConsole>>;
