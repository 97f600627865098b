import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type WebSocket, WebSocketServer } from 'ws';
import {
  type ConsoleClientFrame,
  type ConsoleServerFrame,
  consoleClientFrame,
  consoleServerFrame,
} from '../../../contracts/console-frames.ts';
import type { DeskEvent } from '../../../contracts/events.ts';
import { createLink, type Link, type Offer } from '../../../web/console/link.ts';
import { nodeSocket } from '../../../web/node-socket.ts';
import { idOf } from '../../doubles/console-samples.ts';

const conversation = idOf('ada');
const generation = 'generation1';
const now = Date.UTC(2030, 0, 1);
const offer: Offer = { desk: 'returns', offer: 7, conversationId: conversation, reason: 'asked', until: now + 20_000 };

let server: WebSocketServer;
let socket: WebSocket;
let heard: ConsoleClientFrame[];
let link: Link;
let told: string[];
let offers: Offer[] = [];

const send = (frame: ConsoleServerFrame): void => socket.send(JSON.stringify(consoleServerFrame.parse(frame)));
const event = (seq: number, text: string, event?: DeskEvent): ConsoleServerFrame => ({
  type: 'events',
  conversation,
  events: [
    {
      id: `event-${seq}`,
      at: new Date(now).toISOString(),
      position: { generation, seq },
      event: event ?? {
        type: 'message.added',
        message: { id: `c:message-${seq}`, author: 'customer', turn: seq, text, at: new Date(now).toISOString() },
      },
    },
  ],
});

const until = async (what: string, holds: () => boolean): Promise<void> => {
  for (const end = Date.now() + 10_000; !holds(); ) {
    if (Date.now() > end) throw new Error(`${what}: not within 10 s`);
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};
const texts = (): string[] =>
  link
    .state()
    .watched.get(conversation)
    ?.view.messages.map(({ text }) => text) ?? [];
const watches = () => heard.filter((frame) => frame.type === 'watch');

beforeEach(async () => {
  heard = [];
  told = [];
  offers = [];
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  await once(server, 'listening');
  server.on('connection', (opened) => {
    socket = opened;
    opened.on('message', (data: Buffer) => {
      const frame = consoleClientFrame.parse(JSON.parse(data.toString()));
      heard.push(frame);
      if (frame.type === 'hello')
        send({ type: 'welcome', protocol: 1, agent: { id: 'mia', name: 'Mia' }, offers, now, heartbeatMs: 60_000 });
    });
  });
  link = createLink({
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    WebSocket: nodeSocket('http://127.0.0.1'),
    onChanged: ({ what }) => told.push(`changed ${what}`),
    onEvents: (_, events) => told.push(...events.map(({ type }) => type)),
    onOffer: ({ offer }) => told.push(`rings ${offer}`),
    onOfferClosed: ({ offer }, why) => told.push(`closed ${offer} ${why}`),
    onSla: ({ clock, kind }) => told.push(`${clock} ${kind}`),
  });
  await until('online', () => link.state().connection.status === 'online');
});

afterEach(async () => {
  link.end();
  for (const client of server.clients) client.terminate();
  server.close();
  await once(server, 'close');
});

const seed = { messages: [], actions: [], owner: 'waiting' as const };

test('follows a conversation from where it was read, and goes on there after a lost link', async () => {
  link.follow(conversation, { ...seed, position: { generation, seq: 4 } });
  await until('watch', () => watches().length === 1);
  expect(watches()[0]).toMatchObject({ position: { generation, seq: 4 } });
  send(event(5, 'five'));
  await until('five', () => texts().length === 1);
  socket.terminate();
  await until('back', () => watches().length === 2);
  expect(watches()[1]).toMatchObject({ position: { generation, seq: 5 } });
  send(event(5, 'five'));
  send(event(6, 'six'));
  await until('six', () => texts().length === 2);
  expect(texts()).toEqual(['five', 'six']);
  expect(told).toEqual(expect.arrayContaining(['changed me', 'changed lists', 'changed view', 'changed floor']));
});

test('asks for everything anew where something is missing, and shows what it then gets, with its owner', async () => {
  link.follow(conversation, { ...seed, position: { generation, seq: 4 } });
  await until('watch', () => watches().length === 1);
  expect(link.state().watched.get(conversation)?.view.owner).toBe('waiting');
  send(event(9, 'nine'));
  await until('asked anew', () => watches().length === 2);
  expect(watches()[1]).not.toHaveProperty('position');
  const at = new Date(now).toISOString();
  const messages = [{ id: 'c:message-1', author: 'customer' as const, turn: 1, text: 'all of it', at }];
  send({
    type: 'snapshot',
    conversation,
    messages,
    owner: { owner: 'agent', term: 2 },
    position: { generation, seq: 9 },
  });
  send(event(10, 'ten'));
  await until('ten', () => texts().length === 2);
  expect(texts()).toEqual(['all of it', 'ten']);
  expect(link.state().watched.get(conversation)?.view.owner).toBe('agent');
});

test('what was left is followed no more, and what may not be seen is said', async () => {
  link.follow(conversation, { ...seed, position: null });
  link.leave(conversation);
  await until('unwatch', () => heard.some(({ type }) => type === 'unwatch'));
  link.typing(conversation);
  send(event(1, 'one'));
  send({ type: 'error', code: 'not_found', message: 'none of yours', conversation });
  await until('gone', () => link.state().watched.get(conversation)?.isGone === true);
  expect(texts()).toEqual([]);
  expect(heard.some(({ type }) => type === 'typing')).toBe(false);
});

test('an offer rings once, counts by the server’s clock, and stops when it is closed', async () => {
  send({ type: 'offer.opened', ...offer });
  send({ type: 'offer.opened', ...offer });
  send({ type: 'heartbeat' });
  await until('rings', () => told.includes('rings 7'));
  expect(offer.until - link.now()).toBeGreaterThan(10_000);
  expect(offer.until - link.now()).toBeLessThanOrEqual(20_000);
  send({ type: 'offer.closed', desk: 'orders', offer: 7, why: 'rangOut' });
  send({ type: 'offer.closed', desk: 'returns', offer: 7, why: 'rangOut' });
  await until('closed', () => told.includes('closed 7 rangOut'));
  expect(link.state().offers).toEqual([]);
  expect(told.filter((one) => one.startsWith('rings') || one.startsWith('closed'))).toEqual([
    'rings 7',
    'closed 7 rangOut',
  ]);
});

test('what rings at a new connection rings, and is not announced twice', async () => {
  offers = [offer];
  socket.terminate();
  await until('rings', () => told.includes('rings 7'));
  socket.terminate();
  await until('back twice', () => heard.filter(({ type }) => type === 'hello').length === 3);
  await until('online', () => link.state().connection.status === 'online');
  expect(told.filter((one) => one === 'rings 7')).toHaveLength(1);
});

test('passes over what it does not know, and hears of clocks, statuses and drafts', async () => {
  socket.send('no json');
  socket.send('{"type":"of a newer desk"}');
  socket.send('{"type":"events","conversation":"x","events":[{}]}');
  link.expectSuggestion(conversation, 'command-1');
  send({ type: 'sla.reached', conversationId: conversation, clock: 'firstReply', kind: 'warning' });
  send({ type: 'status.changed', desk: 'returns', status: 'wrapUp' });
  send({ type: 'suggestion.ended', conversation, commandId: 'command-1', attempt: 1, text: 'Hi', sources: [] });
  await until('the draft', () => link.state().suggestions[conversation]?.status === 'done');
  expect(link.state().statuses).toEqual({ returns: 'wrapUp' });
  expect(told).toEqual(['firstReply warning', 'changed me']);
});
