import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { EmbedderUnavailable } from '../../integrations/embeddings.ts';
import { createMiniLm } from '../../integrations/minilm.ts';
import { createOpenAiEmbedder } from '../../integrations/openai-embeddings.ts';

/** Answers out of order, as servers may, with vectors that are not of length 1; knows one model. */
const asked = z.object({ model: z.string(), input: z.array(z.string()) });
const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const { model, input } = asked.parse(JSON.parse(await text(request)));
  if (model !== 'small') {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":{"message":"no such model"}}');
    return;
  }
  const data = input.map((line, index) => ({ index, embedding: [3 * line.length, 4 * line.length] }));
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ data: data.reverse() }));
};
const server = createServer((request, response) => void answer(request, response));
let baseUrl = '';

beforeAll(async () => {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  baseUrl = `http://127.0.0.1:${port}/v1`;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

test('a server of the OpenAI kind gives vectors of length 1 in the order of the texts, however many', async () => {
  const embedder = createOpenAiEmbedder({ baseUrl, apiKey: 'none', model: 'small' });
  const vectors = await embedder.embed(Array.from({ length: 70 }, (_, i) => 'x'.repeat(i + 1)));
  expect(vectors).toHaveLength(70);
  expect(vectors[69]).toEqual(Float32Array.of(0.6, 0.8));
});

test('a server that refuses says what to check', async () => {
  const embedder = createOpenAiEmbedder({ baseUrl, apiKey: 'none', model: 'large' });
  await expect(embedder.embed(['a'])).rejects.toThrow(EmbedderUnavailable);
  await expect(embedder.embed(['a'])).rejects.toThrow('answered 404; check OPENAI_BASE_URL and the model "large"');
});

test('MiniLM without its files cannot be had, and says where it looked', async () => {
  const nowhere = join(tmpdir(), 'duradesk-no-model');
  await expect(createMiniLm(nowhere)).rejects.toThrow(`MiniLM cannot be loaded from ${nowhere}`);
});
