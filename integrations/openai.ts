import OpenAI from 'openai';
import type { ChatCompletionChunk } from 'openai/resources/chat/completions';
import { type ChatModel, type ModelPart, ModelUnavailable } from './model.ts';
import { createCallAssembler } from './openai-calls.ts';
import { modelFailure } from './openai-failures.ts';
import { toRequest } from './openai-request.ts';
import { createWatchdog, type Watchdog } from './watchdog.ts';
import { createWholeCharacters } from './whole-characters.ts';

/**
 * The longest silences, in milliseconds. Waiting for the caller does not count, only waiting for the server.
 *
 * `first`: from the request to the first chunk. A loaded provider needs 1 to 8 s; 20 s leaves room for one more attempt
 * in the 60 s that a turn may take.
 * `idle`: between two chunks. The slowest model worth using writes a token a second; after 10 s the connection is dead.
 */
export type ModelTimeouts = { first: number; idle: number };

const TIMEOUTS: ModelTimeouts = { first: 20_000, idle: 10_000 };

/** The answer is complete after its finish reason; what may still come is the usage, and nobody waits long for that. */
const USAGE_MS = 1_000;

export type OpenAiModelOptions = {
  baseUrl: string;
  apiKey: string;
  model: string;
  timeoutMs?: Partial<ModelTimeouts>;
};

/**
 * Speaks Chat Completions to any OpenAI-compatible server (OpenAI, Azure, vLLM, Ollama, llama.cpp, `local/model`).
 * The package's retries, logs and environment variables are off: Temporal owns retries, a log line would carry the
 * prompt, and `config.ts` is the only reader of the environment.
 */
export const createOpenAiModel = ({ baseUrl, apiKey, model, timeoutMs }: OpenAiModelOptions): ChatModel => {
  const timeouts = { ...TIMEOUTS, ...timeoutMs };
  const client = new OpenAI({
    baseURL: baseUrl,
    apiKey,
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    maxRetries: 0,
    logLevel: 'off',
    fetchOptions: { redirect: 'manual' },
  });

  return {
    async *stream(prompt, signal) {
      signal.throwIfAborted();
      const watchdog = createWatchdog();
      const abort = () => watchdog.stop();
      signal.addEventListener('abort', abort, { once: true });
      try {
        watchdog.expect('the first chunk', timeouts.first);
        const chunks = await client.chat.completions.create(toRequest(prompt, model, baseUrl), {
          signal: watchdog.signal,
        });
        yield* readAnswer(chunks, watchdog, timeouts.idle, signal);
      } catch (error) {
        signal.throwIfAborted();
        throw watchdog.late ?? modelFailure(error, model);
      } finally {
        watchdog.rest();
        signal.removeEventListener('abort', abort);
      }
    },
  };
};

/** The package ends its iterator without an error when the request is aborted: silence is told from an end here. */
async function* readAnswer(
  chunks: AsyncIterable<ChatCompletionChunk>,
  watchdog: Watchdog,
  idleMs: number,
  signal: AbortSignal,
): AsyncGenerator<ModelPart> {
  const text = createWholeCharacters();
  const calls = createCallAssembler();
  let spoke = false;
  let finish: string | undefined;
  let usage: ChatCompletionChunk['usage'];

  for await (const chunk of chunks) {
    watchdog.rest();
    signal.throwIfAborted();
    usage = chunk.usage ?? usage;
    const choice = chunk.choices?.[0];
    finish = choice?.finish_reason ?? finish;
    const piece = text.push(choice?.delta?.content ?? choice?.delta?.refusal ?? '');
    if (piece !== '') {
      spoke = true;
      yield { type: 'text', text: piece };
    }
    for (const fragment of choice?.delta?.tool_calls ?? []) calls.add(fragment);
    if (finish === undefined) watchdog.expect('the next chunk', idleMs);
    else watchdog.expect('the usage', USAGE_MS);
  }
  watchdog.rest();
  signal.throwIfAborted();
  if (finish === undefined && watchdog.late) throw watchdog.late;

  const rest = text.end();
  if (rest !== '') {
    spoke = true;
    yield { type: 'text', text: rest };
  }
  const reason = toReason(finish);
  const complete = reason === 'stop' || reason === 'tools' ? calls.complete() : [];
  if (complete.length > 0) yield { type: 'tools', calls: complete };
  else if (!spoke && reason !== 'length' && reason !== 'filter')
    throw new ModelUnavailable(
      finish === undefined
        ? 'the model server ended the stream before the answer began: is OPENAI_BASE_URL an OpenAI-compatible API?'
        : 'the model answered with neither text nor a tool call',
    );
  yield {
    type: 'finish',
    reason: complete.length > 0 ? 'tools' : reason === 'tools' ? 'stop' : reason,
    ...(usage ? { usage: { input: usage.prompt_tokens, output: usage.completion_tokens } } : {}),
  };
}

const toReason = (finish: string | undefined): Extract<ModelPart, { type: 'finish' }>['reason'] => {
  switch (finish) {
    case undefined:
      return 'cut';
    case 'length':
      return 'length';
    case 'content_filter':
      return 'filter';
    case 'tool_calls':
    case 'function_call':
      return 'tools';
    default:
      return 'stop';
  }
};
