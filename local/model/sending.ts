import type { ServerResponse } from 'node:http';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Completion } from './completion.ts';
import { type Delta, merged } from './deltas.ts';

export const MODEL = 'duradesk-local';

/** A response under way: where to, which request, and the deltas in batches as they are due. */
export type Sending = {
  raw: ServerResponse;
  number: number;
  completion: Completion;
  batches: AsyncIterable<Delta[]>;
  /** Rejects when the client goes or the server stops: how a hanging answer ends. */
  aborted: () => Promise<never>;
};

/** Streams a completion as server-sent events. */
export const sendStream = async (sending: Sending, includeUsage: boolean): Promise<void> => {
  const { raw, number, completion, batches, aborted } = sending;
  const { ending, split, usage } = completion;
  const base = envelope(number, 'chat.completion.chunk');
  const event = (choices: object[], counts: object | null = null): string =>
    `data: ${JSON.stringify({ ...base, choices, usage: counts })}\n\n`;
  const chunk = (delta: object, finish: string | null = null) => event([{ index: 0, delta, finish_reason: finish }]);
  const write = async (text: string) => (split ? writeSplit(raw, text) : raw.write(text));

  raw.writeHead(200, { 'content-type': 'text/event-stream; charset=utf-8', 'cache-control': 'no-cache' });
  let head = chunk({ role: 'assistant', content: '' });
  for await (const batch of batches) {
    await write(head + (split ? batch : merged(batch)).map((delta) => chunk(toWire(delta))).join(''));
    head = '';
  }
  if (ending === 'hang' || ending === 'reset') {
    if (head !== '') await write(head);
    if (ending === 'hang') await aborted();
    // What was written has left by then.
    await nextTurn();
    raw.destroy();
  } else if (ending === 'cut') raw.end(head);
  else raw.end(`${head}${chunk({}, ending)}${includeUsage ? event([], usage) : ''}data: [DONE]\n\n`);
};

/** Sends a completion as one JSON object, after the time that its stream would have taken. */
export const sendWhole = async ({ raw, number, completion, batches, aborted }: Sending): Promise<void> => {
  const { calls, ending, usage } = completion;
  let content = '';
  for await (const batch of batches) for (const delta of batch) if ('text' in delta) content += delta.text;
  if (ending === 'hang') await aborted();
  if (ending === 'cut' || ending === 'reset') {
    raw.destroy();
    return;
  }
  const toolCalls = calls.map(({ id, name, arguments: args }) => ({
    id,
    type: 'function',
    function: { name, arguments: args },
  }));
  const message = {
    role: 'assistant',
    content: content || null,
    refusal: null,
    ...(ending === 'tool_calls' ? { tool_calls: toolCalls } : {}),
  };
  const choices = [{ index: 0, message, logprobs: null, finish_reason: ending }];
  raw.writeHead(200, { 'content-type': 'application/json' });
  raw.end(JSON.stringify({ ...envelope(number, 'chat.completion'), choices, usage }));
};

const envelope = (number: number, object: string) => ({
  id: `chatcmpl-${number}`,
  object,
  created: Math.floor(Date.now() / 1_000),
  model: MODEL,
});

const toWire = (delta: Delta): object => {
  if ('text' in delta) return { content: delta.text };
  const { index, id, name, arguments: args } = delta.call;
  const begun = id === undefined ? {} : { id, type: 'function' };
  return { tool_calls: [{ index, ...begun, function: { name, arguments: args } }] };
};

/** Writes so that every character of more than one byte is spread over two chunks of the connection. */
const writeSplit = async (raw: ServerResponse, text: string): Promise<void> => {
  const bytes = Buffer.from(text);
  let from = 0;
  for (const [at, byte] of bytes.entries())
    if (byte >= 0xc0) {
      raw.write(bytes.subarray(from, at + 1));
      from = at + 1;
      // Node joins what is written in one turn of its loop.
      await nextTurn();
    }
  raw.write(bytes.subarray(from));
};
