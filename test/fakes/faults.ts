import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';

/**
 * What can go wrong with one write. `cut` and `html` happen before it took effect, `lost` and `slow` after; the others are
 * answers that an API gives instead of doing it.
 */
export type Fault =
  | 'cut'
  | 'html'
  | 'html-404'
  | 'redirect'
  | 'lost'
  | 'slow'
  | '401'
  | '403'
  | '409'
  | '429'
  | '500'
  | '503';

export type Faults = ReturnType<typeof plantFaults>;

type Answer = { status: number; headers?: Record<string, string>; body: unknown };

/** How long a slow answer takes unless a test wants otherwise: longer than the adapters under test wait. */
export const SLOW_MS = 900;

const PAGE = '<!doctype html><title>Scheduled maintenance</title><h1>We will be back soon</h1>';

/**
 * Plants faults in a fake: `next` makes the next writes fail, `every` all requests until `heal`.
 *
 * @param answers the API's own bodies and headers for the statuses it documents
 * @param isWrite tells writes from requests that only look like one, as a sign-in does
 */
export const plantFaults = (
  app: FastifyInstance,
  answers: Partial<Record<Fault, Answer>>,
  isWrite: (method: string, url: string) => boolean = (method) => method !== 'GET',
  slowMs = SLOW_MS,
) => {
  const queue: Fault[] = [];
  let constant: Fault | undefined;
  const after = new WeakMap<object, Fault>();

  app.addHook('onRequest', async (request, reply) => {
    const fault = constant ?? (isWrite(request.method, request.url) ? queue.shift() : undefined);
    if (!fault) return;
    if (fault === 'cut') {
      request.raw.socket.destroy();
      return reply.hijack();
    }
    if (fault === 'html') return reply.code(200).type('text/html').send(PAGE);
    if (fault === 'html-404') return reply.code(404).type('text/html').send(PAGE);
    if (fault === 'redirect') return reply.redirect('http://127.0.0.1:1/elsewhere');
    if (fault === 'lost' || fault === 'slow') {
      after.set(request, fault);
      return;
    }
    const answer = answers[fault] ?? { status: Number(fault), body: { message: 'no more is documented' } };
    return reply
      .code(answer.status)
      .headers(answer.headers ?? {})
      .send(answer.body);
  });

  app.addHook('onSend', async (request, reply, payload) => {
    const fault = after.get(request);
    if (fault === 'slow') await sleep(slowMs);
    if (fault !== 'lost') return payload;
    reply.code(500).type('text/html').removeHeader('content-length');
    return PAGE;
  });

  return {
    next: (...faults: Fault[]): void => void queue.push(...faults),
    every: (fault: Fault): void => {
      constant = fault;
    },
    heal: (): void => {
      constant = undefined;
      queue.length = 0;
    },
  };
};
