import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { z } from 'zod';
import type { CapacityGate } from './capacity.ts';
import { complete } from './completion.ts';
import { BadRequest, errorBody, failureFor } from './failures.ts';
import { type Faults, faultSchema } from './faults.ts';
import { type Profile, paced, profileChangeSchema } from './profile.ts';
import { readPrompt } from './prompt.ts';
import { chatRequest } from './request.ts';
import type { LoggedRequest, RequestLog } from './request-log.ts';
import { sendStream, sendWhole } from './sending.ts';

export type ChatDeps = {
  profile(): Profile;
  faults: Faults;
  capacity: CapacityGate;
  log: RequestLog;
  /** Aborted when the server stops: ends the answers that would never end. */
  stopping: AbortSignal;
};

/** `POST /v1/chat/completions` of OpenAI's API. */
export const registerChatCompletions = (
  app: FastifyInstance,
  { profile, faults, capacity, log, stopping }: ChatDeps,
): void => {
  app.post('/v1/chat/completions', async (request, reply) => {
    const asked = chatRequest.parse(request.body);
    const begun = capacity.begin();
    if ('retryAfter' in begun)
      return reply.code(429).header('retry-after', begun.retryAfter).send(errorBody(429, 'Too much is asked at once.'));
    reply.raw.once('close', begun.end);
    const reading = readPrompt(asked);
    const fault = header(request, 'x-local-model-fault', faultSchema) ?? faults.take(reading.message);
    const pace = {
      ...profile(),
      ...fault?.profile,
      ...header(request, 'x-local-model-profile', profileChangeSchema),
    };
    const completion = complete(asked, reading, fault, log.count() + 1);
    const logged = log.add({
      model: asked.model,
      stream: asked.stream === true,
      messages: asked.messages,
      tools: asked.tools.map((tool) => tool.function.name),
      fault: fault?.fault ?? null,
      said: { text: completion.text, calls: completion.calls },
    });
    const closed = whenClosed(reply.raw, logged);
    const aborted = () => rejection(closed, stopping);

    const failure = fault && failureFor(fault, request.headers.authorization ?? '', reading.message);
    if (failure) return reply.code(failure.status).headers(failure.headers).send(failure.body);
    reply.hijack();
    try {
      if (fault?.fault === 'hang_before_first') await aborted();
      const batches = paced(completion.deltas, pace, reading.message, closed);
      const sending = { raw: reply.raw, number: logged.number, completion, batches, aborted };
      if (asked.stream) await sendStream(sending, asked.stream_options?.include_usage === true);
      else await sendWhole(sending);
    } catch (error) {
      reply.raw.destroy();
      if (!closed.aborted && !stopping.aborted) throw error;
    }
  });
};

/** A header's JSON, checked; a bad one is the client's fault. */
const header = <S extends z.ZodType>({ headers }: FastifyRequest, name: string, schema: S): z.infer<S> | undefined => {
  const value = headers[name];
  if (typeof value !== 'string') return undefined;
  try {
    return schema.parse(JSON.parse(value));
  } catch (error) {
    throw new BadRequest(`header ${name}: ${error instanceof z.ZodError ? z.prettifyError(error) : 'is not JSON'}`);
  }
};

/** Aborted when the client goes before the end. Notes the outcome. */
const whenClosed = (raw: FastifyReply['raw'], logged: LoggedRequest): AbortSignal => {
  const controller = new AbortController();
  raw.once('close', () => {
    logged.outcome = raw.writableFinished ? 'sent' : 'closed';
    if (!raw.writableFinished) controller.abort('the client went away');
  });
  return controller.signal;
};

/** Never resolves; rejects with the reason of the first signal to abort. */
const rejection = (...signals: AbortSignal[]): Promise<never> =>
  new Promise((_, reject) => {
    for (const signal of signals) {
      if (signal.aborted) reject(signal.reason);
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }
  });
