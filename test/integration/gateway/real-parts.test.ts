import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection, defaultPayloadConverter } from '@temporalio/client';
import type { FastifyInstance } from 'fastify';
import { CLOSE } from '../../../contracts/close-codes.ts';
import events from '../../../gateway/events.ts';
import temporal from '../../../gateway/temporal.ts';
import { connectCommands, ready } from '../../../stream/connection.ts';
import { createEventWriter } from '../../../stream/writer.ts';
import { startRedis, type TestRedis } from '../../redis.ts';
import { provideTranscripts, sleep, useGateways } from './rig.ts';

const { backing, gateway, client } = useGateways();
const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
const send = (n: number) => ({ type: 'send', clientMessageId: `message-${n}`, text: `text ${n}` });

let redis: TestRedis;
let operator: Client;

beforeAll(async () => {
  redis = await startRedis();
  operator = new Client({ connection: await Connection.connect({ address }) });
});

afterAll(async () => {
  await operator.connection.close();
  await redis.stop();
});

const realGateway = (temporalAddress = address) =>
  gateway({
    async backing(app: FastifyInstance) {
      await app.register(temporal, { address: temporalAddress, namespace: 'default' });
      await app.register(events, { url: redis.url });
      await provideTranscripts(app, backing());
      await sleep(300);
    },
  });

/** The ids of the messages in the history of the newest run. */
const signals = async (conversationId: string): Promise<string[]> => {
  const { events: history } = await operator.workflow.getHandle(conversationId).fetchHistory();
  return (history ?? []).flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => {
    const [payload] = signal?.input?.payloads ?? [];
    return payload ? [defaultPayloadConverter.fromPayload<{ clientMessageId: string }>(payload).clientMessageId] : [];
  });
};

test('an acknowledged message is in the history of the workflow, in order, also of one that has ended', async () => {
  const ann = await client(await realGateway());
  const { conversation } = await ann.hello();
  for (const n of [1, 2, 3]) ann.send(send(n));
  await ann.until('acks', () => ann.frames.filter(({ type }) => type === 'ack').length === 3);
  expect(await signals(conversation.id)).toEqual(['message-1', 'message-2', 'message-3']);
  const workflow = operator.workflow.getHandle(conversation.id);
  const { events: history } = await workflow.fetchHistory();
  const started = history?.[0]?.workflowExecutionStartedEventAttributes;
  expect([started?.workflowType?.name, started?.taskQueue?.name]).toEqual(['conversation', 'conversation']);
  expect(Number(started?.workflowTaskTimeout?.seconds)).toBe(5);
  await workflow.terminate();
  ann.send(send(4));
  await ann.until('the fourth', () => ann.frames.filter(({ type }) => type === 'ack').length === 4);
  expect(await signals(conversation.id)).toEqual(['message-4']);
  await operator.workflow.getHandle(conversation.id).terminate();
});

test('the wish for a person begins a conversation too, is in its history between the messages, and once for each id', async () => {
  const ann = await client(await realGateway());
  const { conversation } = await ann.hello();
  const wish = { type: 'person', clientMessageId: 'wish-0001' };
  for (const frame of [wish, send(1)]) ann.send(frame);
  await ann.until('acks', () => ann.frames.filter(({ type }) => type === 'ack').length === 2);
  ann.send(wish);
  await ann.until('the ack again', () => ann.frames.filter(({ type }) => type === 'ack').length === 3);
  expect(await signals(conversation.id)).toEqual(['wish-0001', 'message-1']);
  const workflow = operator.workflow.getHandle(conversation.id);
  const { events: history } = await workflow.fetchHistory();
  expect(history?.flatMap(({ workflowExecutionSignaledEventAttributes: signal }) => signal?.signalName ?? [])).toEqual([
    'personWanted',
    'customerMessage',
  ]);
  expect(history?.[0]?.workflowExecutionStartedEventAttributes?.workflowType?.name).toBe('conversation');
  await workflow.terminate();
});

test('a Temporal that cannot be reached is said at once', async () => {
  const ann = await client(await realGateway('127.0.0.1:1'));
  await ann.hello();
  const began = Date.now();
  ann.send(send(1));
  expect(await ann.frame('error')).toMatchObject({ code: 'unavailable', clientMessageId: 'message-1' });
  expect(Date.now() - began).toBeLessThan(1_000);
  expect(ann.frames.map(({ type }) => type)).not.toContain('ack');
});

test('Redis restarts empty in mid-stream: a snapshot, then what follows', async () => {
  const node = await realGateway();
  const ann = await client(node);
  const { conversation, session } = await ann.hello();
  await ann.frame('snapshot');
  const commands = connectCommands(redis.url, () => {});
  await ready(commands);
  const writer = createEventWriter(commands);
  const open = () =>
    writer.open(
      conversation.id,
      { term: 0, turn: 1 },
      { once: [], always: (attempt) => [{ type: 'reply.started', turn: 1, attempt }] },
    );
  await open();
  const before = (await ann.frame('events')).events.at(-1)?.position;
  await redis.restartEmpty();
  await ann.until('a snapshot', () => ann.frames.filter(({ type }) => type === 'snapshot').length === 2, 10_000);
  await ready(commands);
  await open();
  await ann.until('the new log', () => ann.frames.at(-1)?.type === 'events');
  const again = await client(node);
  const welcome = await again.hello({ session, conversation: { ...conversation, position: before } });
  expect(welcome.resumed).toBe(false);
  await again.frame('events');
  again.socket.close(CLOSE.restart);
  commands.disconnect();
});
