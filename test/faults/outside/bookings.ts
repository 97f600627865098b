import type { FastifyInstance } from 'fastify';
import { createServer, listen } from '../../fakes/listen.ts';
import type { Recording } from '../recording.ts';

/** How its effects can be told apart by whoever did not hear back: its tools, by the name of each. */
export const KINDS = {
  /** The same key again gets the first answer. */
  rent_tent: 'key',
  /** Every call is done, and can be found by the key that it brought. */
  ship_boots: 'lookup',
  /** It takes no key at all. */
  wash_jacket: 'neither',
} as const;

export type Tool = keyof typeof KINDS;

/** A call that is being answered. */
export type Booking = { conversation: string; tool: Tool; key: string | null };

/** Waited for while a call is under way: on its arrival, where it can get lost, and when it is done but not answered. */
export type Onlooker = { arrived(booking: Booking): Promise<'done' | 'lost'>; done(booking: Booking): Promise<void> };

type Body = { conversationId: string; requestId?: string };

const NOBODY: Onlooker = { arrived: async () => 'done', done: async () => {} };

/**
 * An outside system over HTTP with an OpenAPI document, that does what it is told, keeps its own ledger as lines of the run, and
 * lets an onlooker do bad things in the middle of it.
 */
export const startBookings = async (recording: Recording) => {
  const app = createServer();
  const ledger: Booking[] = [];
  let onlooker = NOBODY;
  serveDocument(app);

  for (const tool of Object.keys(KINDS) as Tool[])
    app.post<{ Body: Body }>(`/${tool}`, async ({ body, raw }, reply) => {
      const booking = { conversation: body.conversationId, tool, key: body.requestId ?? null };
      const record = (did: 'asked' | 'done' | 'repeated') => recording.add({ type: 'outside', did, ...booking });
      record('asked');
      if ((await onlooker.arrived(booking)) === 'lost') {
        raw.socket.destroy();
        return reply.hijack();
      }
      const before = KINDS[tool] === 'key' && ledger.some(({ key }) => key === booking.key);
      if (!before) ledger.push(booking);
      record(before ? 'repeated' : 'done');
      await onlooker.done(booking);
      return { booked: tool.replace('_', ' ') };
    });

  app.get<{ Querystring: { requestId: string } }>('/find_booking', async ({ query }, reply) => {
    const found = ledger.find(({ key }) => key === query.requestId);
    if (!found) return reply.code(404).send({ error: 'not_found' });
    recording.add({ type: 'outside', did: 'found', ...found });
    return { booked: found.tool.replace('_', ' ') };
  });

  const { url, close } = await listen(app);
  return {
    url,
    stop: close,
    /** Who looks on from here on. */
    watch(next: Onlooker): void {
      onlooker = next;
    },
  };
};

export type Bookings = Awaited<ReturnType<typeof startBookings>>;

const serveDocument = (app: FastifyInstance): void => {
  const text = { type: 'string' };
  const post = (operationId: Tool) => ({
    post: {
      operationId,
      summary: `${operationId.replace('_', ' ')} for the customer`,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: {
              type: 'object',
              properties: { conversationId: text, ...(KINDS[operationId] !== 'neither' && { requestId: text }) },
              required: ['conversationId'],
            },
          },
        },
      },
    },
  });
  const get = {
    operationId: 'find_booking',
    summary: 'Finds what was done',
    parameters: [{ name: 'requestId', in: 'query', required: true, schema: text }],
  };
  app.get('/openapi.json', ({ headers }) => ({
    openapi: '3.0.3',
    info: { title: 'Bookings', version: '1' },
    servers: [{ url: `http://${headers.host}` }],
    paths: {
      ...Object.fromEntries((Object.keys(KINDS) as Tool[]).map((tool) => [`/${tool}`, post(tool)])),
      '/find_booking': { get },
    },
  }));
};
