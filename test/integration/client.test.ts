import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, expect, test } from '@jest/globals';
import { createDeskClient, type DeskClient } from '../../web/client.ts';
import { systemClock } from '../../web/clock.ts';
import { answerTo } from '../../web/conversation-view.ts';
import { forgetfulStorage } from '../../web/memory.ts';
import { nodeSocket } from '../../web/node-socket.ts';
import { until } from '../../web/until.ts';
import { type GatewayOptions, type ScriptedGateway, startScriptedGateway } from '../doubles/scripted-gateway.ts';

const wordsOf = (question: string): string[] => Array.from({ length: 60 }, (_, n) => `${question} ${n} 🚲. `);
const script: GatewayOptions['script'] = (question) => [
  { say: 'A first try that breaks ' },
  { say: 'off.' },
  { startOver: true },
  ...wordsOf(question).flatMap((say) => [{ wait: 5 }, { say }]),
];

let gateway: ScriptedGateway;
const clients: DeskClient[] = [];

afterEach(async () => {
  for (const client of clients.splice(0)) client.end();
  await gateway.stop();
});

const connect = (storage = forgetfulStorage()): DeskClient => {
  const client = createDeskClient({
    url: gateway.socketUrl,
    WebSocket: nodeSocket(gateway.url),
    storage,
    clock: { ...systemClock, random: () => Math.random() / 10 },
  });
  clients.push(client);
  return client;
};

test('a conversation over links that break, acknowledgements that are lost and a log that is flushed loses nothing', async () => {
  let sends = 0;
  gateway = await startScriptedGateway({ script, losesAck: () => ++sends % 2 === 1 });
  const client = connect();
  const shown: string[] = [];
  client.subscribe(({ view }) => shown.push(view.reply?.text ?? ''));
  const ids = ['one', 'two', 'three'].map((text) => client.send(text));
  const done = until(client, 'three answers', ({ view }) => ids.every((id) => answerTo(view, id)), 30_000);
  const trouble = async (): Promise<void> => {
    for (let n = 0; n < 6; n++) {
      await pause(250);
      if (n === 3) for (const conversation of gateway.conversations.values()) conversation.forgetLog();
      gateway.breakLinks();
    }
  };
  await Promise.all([done, trouble()]);

  const [conversation] = gateway.conversations.values();
  await conversation?.settled();
  expect(gateway.conversations.size).toBe(1);
  expect(client.state().outbox).toEqual([]);
  const { messages } = await until(client, 'a settled view', ({ view }) => view.reply === null && view, 10_000);
  const simple = (list: typeof messages) => list.map(({ id, text, end }) => ({ id, text, end }));
  expect(simple(messages)).toEqual(
    ids.flatMap((id, n) => [
      { id: `c:${id}`, text: ['one', 'two', 'three'][n], end: undefined },
      { id: `a:${n + 1}`, text: wordsOf(['one', 'two', 'three'][n] ?? '').join(''), end: 'final' },
    ]),
  );
  const possible = ['A first try that breaks off.', ...['one', 'two', 'three'].map((text) => wordsOf(text).join(''))];
  for (const text of shown) expect(possible.some((whole) => whole.startsWith(text))).toBe(true);
  expect(shown.some((text) => text.includes('one 30'))).toBe(true);
}, 45_000);

test('a reload goes on with the same conversation', async () => {
  gateway = await startScriptedGateway({ script: () => [{ say: 'Hello!' }] });
  const storage = forgetfulStorage();
  const first = connect(storage);
  const id = first.send('Hi');
  await until(first, 'an answer', ({ view }) => answerTo(view, id), 5_000);
  first.end();
  const second = connect(storage);
  await until(second, 'the transcript', ({ isLoaded }) => isLoaded, 5_000);
  expect(second.state().view.messages).toMatchObject([
    { author: 'customer', text: 'Hi' },
    { author: 'assistant', text: 'Hello!' },
  ]);
});

test('waiting for what does not come ends with a sentence that says what it was', async () => {
  gateway = await startScriptedGateway({ script: () => [] });
  await expect(until(connect(), 'a miracle', () => false, 50)).rejects.toThrow('a miracle: not within 50 ms');
});
