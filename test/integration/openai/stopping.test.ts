import { createServer } from 'node:net';
import { describe, expect, test } from '@jest/globals';
import { chunk, never, prompt, useLocalModel } from './rig.ts';

const { server, model, ask } = useLocalModel();

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
