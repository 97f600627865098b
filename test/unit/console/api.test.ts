import { expect, test } from '@jest/globals';
import { createApi, RefusedError } from '../../../web/console/api.ts';
import { isPassing, sentenceFor, signInSentence } from '../../../web/console/sentences.ts';

const answering = (status: number, body: string) => {
  const asked: { url: string; method: string; body: string | undefined }[] = [];
  const api = createApi((url, { method, body: sent }) => {
    asked.push({ url, method, body: sent });
    return Promise.resolve({ ok: status < 400, status, text: () => Promise.resolve(body) });
  });
  return { api, asked };
};

test('asks for what it is told and reads what comes', async () => {
  const { api, asked } = answering(200, '{"conversations":[]}');
  expect(await api.conversations('mine')).toEqual([]);
  await api.send('cnv_a/../b', { clientMessageId: 'message-1', text: 'Hi' });
  expect(asked).toEqual([
    { url: '/console/api/conversations?view=mine', method: 'GET', body: undefined },
    {
      url: '/console/api/conversations/cnv_a%2F..%2Fb/messages',
      method: 'POST',
      body: '{"clientMessageId":"message-1","text":"Hi"}',
    },
  ]);
});

test('a refusal carries the status and the desk’s own words', async () => {
  const { api } = answering(400, '{"error":"text is empty"}');
  const error: unknown = await api.send('cnv_a', { clientMessageId: 'message-1', text: '' }).catch((reason) => reason);
  expect(error).toBeInstanceOf(RefusedError);
  expect(sentenceFor(error)).toBe('Text is empty.');
  const { api: broken } = answering(502, '<html>Bad gateway</html>');
  const failure: unknown = await broken.me().catch((reason) => reason);
  expect(sentenceFor(failure)).toMatch(/^The desk has a problem of its own/);
});

test('every refusal is a sentence that says what to do, and none shows what is not for people', () => {
  for (const status of [400, 401, 403, 404, 409, 418, 429, 500, 503]) {
    expect(sentenceFor(new RefusedError(status, null))).toMatch(/^[A-Z][^<>]+\.$/);
  }
  expect(sentenceFor(new TypeError('Failed to fetch'))).toMatch(/cannot be reached/);
  expect(signInSentence(new RefusedError(401, 'unknown agent'))).toBe('This name and password do not go together.');
});

test('what may work a moment later is told from what was refused', () => {
  expect([new TypeError('x'), new RefusedError(503, null)].map(isPassing)).toEqual([true, true]);
  expect([401, 404, 409, 429].map((status) => isPassing(new RefusedError(status, null)))).toEqual(Array(4).fill(false));
});
