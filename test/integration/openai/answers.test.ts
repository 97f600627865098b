import { describe, expect, test } from '@jest/globals';
import { prompt, useLocalModel } from './rig.ts';

const { server, ask } = useLocalModel();

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
