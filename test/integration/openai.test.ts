import { createServer } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { toStorable } from '../../contracts/text.ts';
import type { ModelPart, Prompt } from '../../integrations/model.ts';
import { createOpenAiModel, type OpenAiModelOptions } from '../../integrations/openai.ts';
import { INSTANT } from '../../local/model/profile.ts';
import { type LocalModel, startLocalModel } from '../../local/model/server.ts';

const KEY = 'sk-canary-key';

let server: LocalModel;

beforeAll(async () => {
  server = await startLocalModel({ profile: INSTANT });
});

afterEach(() => {
  server.setFaults([]);
  server.setProfile(INSTANT);
});

afterAll(() => server.stop());

const model = (options: Partial<OpenAiModelOptions> = {}) =>
  createOpenAiModel({ baseUrl: server.url, apiKey: KEY, model: 'duradesk-local', ...options });

const FIND_ORDER = {
  name: 'find_order',
  description: 'Looks up an order by its number.',
  parameters: { type: 'object', properties: { order_number: { type: 'string' } }, required: ['order_number'] },
};

const prompt = (content = 'hello', tools: Prompt['tools'] = [FIND_ORDER]): Prompt => ({
  messages: [
    { role: 'system', content: 'You are Fern.' },
    { role: 'user', content },
  ],
  tools,
  maxTokens: 500,
});

const never = new AbortController().signal;

const ask = async (asked = prompt(), options: Partial<OpenAiModelOptions> = {}, signal = never) => {
  const parts: ModelPart[] = [];
  for await (const part of model(options).stream(asked, signal)) parts.push(part);
  return {
    parts,
    text: parts.map((part) => (part.type === 'text' ? part.text : '')).join(''),
    calls: parts.flatMap((part) => (part.type === 'tools' ? part.calls : [])),
    reason: parts.flatMap((part) => (part.type === 'finish' ? [part.reason] : [])).join(),
  };
};

/** One chunk of a stream, as a server would write it. */
const chunk = (delta: object, finish: string | null = null): string =>
  `data: ${JSON.stringify({ id: 'x', object: 'chat.completion.chunk', choices: [{ index: 0, delta, finish_reason: finish }] })}\n\n`;

const DONE = 'data: [DONE]\n\n';

describe('an answer', () => {
  test('comes as text, a finish reason and the usage', async () => {
    server.setProfile({ tokensPerSecond: 200 });
    const { parts, text } = await ask();
    expect(text).toBe('Hello, this is Fern! How can I help you today?');
    expect(parts.length).toBeGreaterThan(3);
    expect(parts.at(-1)).toEqual({ type: 'finish', reason: 'stop', usage: { input: 5, output: 12 } });
  });

  test('comes as tool calls, and their results are understood', async () => {
    const asked = prompt('where is order 1042?');
    const { calls, reason } = await ask(asked);
    expect(reason).toBe('tools');
    expect(calls).toEqual([{ id: expect.any(String), name: 'find_order', arguments: '{"order_number":"1042"}' }]);
    asked.messages.push(
      { role: 'assistant', content: '', toolCalls: calls },
      { role: 'tool', toolCallId: calls[0]?.id ?? '', content: '{"number":"1042","status":"shipped"}' },
    );
    expect((await ask(asked)).text).toBe('Order 1042 is on its way.');
  });

  test('the prompt arrives as it was built', async () => {
    const asked = prompt();
    asked.messages.push(
      { role: 'assistant', content: 'hm', toolCalls: [{ id: 'c', name: 'find_order', arguments: '{"order' }] },
      { role: 'tool', toolCallId: 'c', content: 'no JSON' },
    );
    await ask(asked);
    const [logged] = server.requests(1).requests;
    expect(logged?.tools).toEqual(['find_order']);
    expect(logged?.messages).toEqual([
      { role: 'system', content: 'You are Fern.' },
      { role: 'user', content: 'hello' },
      // Arguments that are not JSON are left out: vLLM and llama.cpp would refuse the whole request.
      {
        role: 'assistant',
        content: 'hm',
        tool_calls: [{ id: 'c', function: { name: 'find_order', arguments: '{}' } }],
      },
      { role: 'tool', tool_call_id: 'c', content: 'no JSON' },
    ]);
  });

  test('is cut at the token limit, and half a call is no call', async () => {
    expect((await ask({ ...prompt(), maxTokens: 2 })).reason).toBe('length');
    const { calls, reason } = await ask({ ...prompt('where is order 1042?'), maxTokens: 2 });
    expect({ calls, reason }).toEqual({ calls: [], reason: 'length' });
  });
});

describe('faults of the answer', () => {
  test('length', async () => {
    server.setFaults([{ fault: 'length', afterTokens: 3 }]);
    expect(await ask()).toMatchObject({ text: 'Hello, this', reason: 'length' });
  });

  test('a stream that ends without a finish reason is cut', async () => {
    server.setFaults([{ fault: 'cut', afterTokens: 3 }]);
    expect(await ask()).toMatchObject({ text: 'Hello, this', reason: 'cut' });
  });

  test('malformed arguments are passed on as they are', async () => {
    server.setFaults([{ fault: 'malformed_tool_json' }]);
    const [call] = (await ask(prompt('order 1042'))).calls;
    expect(call?.arguments).toBe('{"order_number":"1042');
  });

  test('unknown tools, many calls', async () => {
    server.setFaults([{ fault: 'unknown_tool', times: 1 }, { fault: 'many_calls' }]);
    expect((await ask()).calls).toMatchObject([{ name: 'no_such_tool' }]);
    const { calls } = await ask();
    expect(calls).toHaveLength(50);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(50);
  });

  test('one call id for two calls', async () => {
    server.setFaults([
      { fault: 'same_call_id_twice', match: 'same' },
      {
        fault: 'same_call_id_twice',
        script: {
          calls: [
            { name: 'pay', arguments: { to: 'a' } },
            { name: 'pay', arguments: { to: 'b' } },
          ],
        },
      },
    ]);
    expect((await ask(prompt('same'))).calls).toHaveLength(1);
    const { calls } = await ask();
    expect(calls.map((call) => call.arguments)).toEqual(['{"to":"a"}', '{"to":"b"}']);
    expect(new Set(calls.map(({ id }) => id)).size).toBe(2);
  });

  test('deltas and packets that end inside characters', async () => {
    const text = 'Grüße 👩‍👩‍👧 aus 東京 🏕️!';
    const calls = [{ name: 'note', arguments: { text } }];
    server.setFaults([{ fault: 'split_character', script: { text, calls } }]);
    const answer = await ask();
    expect(answer.text).toBe(text);
    expect(answer.parts.every((part) => part.type !== 'text' || part.text.isWellFormed())).toBe(true);
    expect(answer.calls).toMatchObject([{ name: 'note', arguments: JSON.stringify({ text }) }]);
  });

  test('the hijacked model is passed on word for word', async () => {
    const script = { text: 'Done.', calls: [{ id: 'c9', name: 'refund', arguments: '{"amount":900}' }] };
    server.setFaults([{ fault: 'obey', script, times: 1 }]);
    expect(await ask()).toMatchObject({ text: 'Done.', calls: script.calls, reason: 'tools' });
  });
});

describe('what is worth another attempt', () => {
  const rejection = async (options: Partial<OpenAiModelOptions> = {}) =>
    ask(prompt('my private words'), options).then(
      () => 'it answered',
      (error: unknown) => error,
    );

  test.each([
    ['rate_limited', { retryAfter: 3 }, 3_000],
    ['rate_limited', { retryAfterMs: 150 }, 150],
    ['rate_limited', {}, undefined],
    ['unavailable', { retryAfter: 1 }, 1_000],
    ['server_error', {}, undefined],
    ['status', { status: 408 }, undefined],
  ] as const)('%s %j', async (fault, more, retryAfterMs) => {
    server.setFaults([{ fault, ...more }]);
    expect(await rejection()).toMatchObject({ name: 'ModelUnavailable', retryAfterMs });
  });

  test('Retry-After as a date', async () => {
    server.setFaults([{ fault: 'unavailable', retryAfter: new Date(Date.now() + 8_000).toUTCString() }]);
    const error = await rejection();
    expect(error).toMatchObject({ name: 'ModelUnavailable', retryAfterMs: expect.any(Number) });
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeGreaterThan(5_000);
    expect((error as { retryAfterMs: number }).retryAfterMs).toBeLessThanOrEqual(8_000);
  });

  test.each([
    [
      'an error in the stream',
      { body: `${chunk({ content: 'Hel' })}data: {"error":{"message":"boom","code":"overloaded"}}\n\n` },
    ],
    ['HTML', { body: '<!doctype html><html><body>Welcome</body></html>', contentType: 'text/html' }],
    ['no stream at all', { body: '' }],
    ['only the end of a stream', { body: DONE }],
    ['a stream that is no JSON', { body: 'data: {"choices":[{"del\n\n' }],
    ['neither text nor calls', { body: chunk({ role: 'assistant', content: '' }) + chunk({}, 'stop') + DONE }],
    [
      'half a call',
      { body: chunk({ tool_calls: [{ index: 0, id: 'c', function: { name: 'pay', arguments: '{"a' } }] }) },
    ],
  ])('%s', async (_, raw) => {
    server.setFaults([{ fault: 'raw', ...raw }]);
    expect(await rejection()).toMatchObject({ name: 'ModelUnavailable' });
  });

  test('an answer with nothing in it', async () => {
    server.setFaults([{ fault: 'empty' }]);
    expect(await rejection()).toMatchObject({ name: 'ModelUnavailable' });
  });

  test('a connection that breaks in the middle', async () => {
    server.setFaults([{ fault: 'reset', profile: { tokensPerSecond: 200 } }]);
    expect(await rejection()).toMatchObject({ name: 'ModelUnavailable' });
  });

  test('no server', async () => {
    const probe = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => probe.once('listening', resolve));
    const address = probe.address();
    await new Promise((resolve) => probe.close(resolve));
    const port = typeof address === 'object' ? address?.port : undefined;
    expect(await rejection({ baseUrl: `http://127.0.0.1:${port}/v1` })).toMatchObject({
      name: 'ModelUnavailable',
      message: 'no connection to the model server (ECONNREFUSED)',
    });
  });

  test('silence before the first chunk', async () => {
    server.setFaults([{ fault: 'hang_before_first' }]);
    expect(await rejection({ timeoutMs: { first: 80 } })).toMatchObject({
      name: 'ModelUnavailable',
      message: 'the model server sent nothing for 80 ms, waiting for the first chunk',
    });
  });

  test('silence in the middle', async () => {
    server.setFaults([{ fault: 'hang_mid_stream', afterTokens: 2 }]);
    expect(await rejection({ timeoutMs: { idle: 80 } })).toMatchObject({
      name: 'ModelUnavailable',
      message: 'the model server sent nothing for 80 ms, waiting for the next chunk',
    });
  });

  test('nothing is tried twice', async () => {
    const before = server.requests().count;
    server.setFaults([{ fault: 'rate_limited' }]);
    await rejection();
    expect(server.requests().count).toBe(before + 1);
  });
});

describe('what is not', () => {
  test.each([
    [400, 'DESK_MODEL'],
    [401, 'OPENAI_API_KEY'],
    [403, 'OPENAI_API_KEY'],
    [404, 'OPENAI_BASE_URL'],
    [422, 'DESK_MODEL'],
    [302, 'OPENAI_BASE_URL'],
  ])('%i', async (status, names) => {
    server.setFaults([{ fault: 'status', status }]);
    const refused = await ask(prompt('my private words')).catch((error: unknown) => error);
    expect(refused).toMatchObject({ name: 'ModelRefused', message: expect.stringContaining(names) });
    // The server quoted both.
    expect(String(refused)).not.toContain(KEY);
    expect(String(refused)).not.toContain('private words');
  });
});

describe('time', () => {
  test('that the caller takes is not the server’s', async () => {
    server.setProfile({ tokensPerSecond: 1_000 });
    let text = '';
    for await (const part of model({ timeoutMs: { idle: 60 } }).stream(prompt(), never)) {
      if (text === '') await new Promise((resolve) => setTimeout(resolve, 150));
      if (part.type === 'text') text += part.text;
    }
    expect(text).toContain('How can I help');
  });

  test('a complete answer does not wait for a stream that is not closed', async () => {
    const open = createServer((socket) => {
      socket.on('error', () => {});
      const body = chunk({ content: 'Hello' }) + chunk({}, 'stop');
      socket.once('data', () =>
        socket.write(
          `HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n${body.length.toString(16)}\r\n${body}\r\n`,
        ),
      );
    }).listen(0, '127.0.0.1');
    await new Promise((resolve) => open.once('listening', resolve));
    const address = open.address();
    const baseUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}/v1`;
    expect(await ask(prompt(), { baseUrl })).toMatchObject({ text: 'Hello', reason: 'stop' });
    await new Promise((resolve) => open.close(resolve));
  });
});

describe('abort', () => {
  const reason = new Error('the customer pressed stop');

  test('before the start calls nothing', async () => {
    const before = server.requests().count;
    await expect(ask(prompt(), {}, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(server.requests().count).toBe(before);
  });

  test.each(['hang_before_first', 'hang_mid_stream'] as const)('ends a server that hangs: %s', async (fault) => {
    server.setFaults([{ fault, afterTokens: 2 }]);
    const stop = new AbortController();
    setTimeout(() => stop.abort(reason), 60);
    await expect(ask(prompt(), {}, stop.signal)).rejects.toBe(reason);
    await expectOutcome('closed');
  });

  test('ends the stream at once, without another word', async () => {
    server.setProfile({ tokensPerSecond: 50 });
    const stop = new AbortController();
    const texts: string[] = [];
    const reading = (async () => {
      for await (const part of model().stream(prompt(), stop.signal)) {
        if (part.type === 'text') texts.push(part.text);
        if (texts.length === 2) stop.abort(reason);
      }
    })();
    await expect(reading).rejects.toBe(reason);
    expect(texts).toHaveLength(2);
    await expectOutcome('closed');
  });

  test('a caller that stops reading ends the request', async () => {
    server.setProfile({ tokensPerSecond: 50 });
    for await (const part of model().stream(prompt(), never)) if (part.type === 'text') break;
    await expectOutcome('closed');
  });

  const expectOutcome = async (outcome: string) => {
    for (let tries = 0; server.requests(1).requests[0]?.outcome === 'open' && tries < 100; tries += 1)
      await new Promise((resolve) => setTimeout(resolve, 10));
    expect(server.requests(1).requests[0]?.outcome).toBe(outcome);
  };
});

test('any text in any deltas arrives whole, each piece well-formed', async () => {
  const unit = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 3 }),
    fc.constantFrom('\ud83d', '\ude00', '\0', '\r\n', 'data: '),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(unit, { minLength: 1, maxLength: 30 }), async (deltas) => {
      const whole = toStorable(deltas.join(''));
      fc.pre(whole !== '');
      server.setFaults([
        { fault: 'raw', body: deltas.map((content) => chunk({ content })).join('') + chunk({}, 'stop') + DONE },
      ]);
      const { text, parts } = await ask();
      expect(text).toBe(whole);
      expect(parts.every((part) => part.type !== 'text' || (part.text !== '' && part.text.isWellFormed()))).toBe(true);
    }),
    { numRuns: 150 },
  );
});
