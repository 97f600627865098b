import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type DeskFile, writeDeskFile } from '../../local/desk-file.ts';
import { recordOf } from '../../local/process-record.ts';
import type { Script } from '../doubles/scripted-conversation.ts';
import { type ScriptedGateway, startScriptedGateway } from '../doubles/scripted-gateway.ts';

const root = join(import.meta.dirname, '..', '..');
const identitySecret = 'a secret of the company, long enough';
const question = 'Where is my order 1042?';

const scripts: Record<string, ReturnType<Script>> = {
  [question]: [
    { tool: 'find_order', title: 'Looking up your order', takes: 50 },
    { say: 'A try that broke' },
    { wait: 100 },
    { startOver: true },
    { say: 'It is \u001b[31mon its way. \ud83d' },
    { wait: 100 },
    { say: '\udeb2' },
    { end: 'final', sources: [{ title: 'Shipping', url: 'https://shop.example/shipping' }] },
  ],
  'I want a person': [{ say: 'I am getting someone.' }, { end: 'escalated' }],
  refund: [
    {
      ask: {
        title: 'Refund',
        arguments: [{ label: 'Order', value: '1031' }],
        argumentsHash: 'a'.repeat(64),
        expiresAt: new Date(Date.now() + 600_000).toISOString(),
      },
      leadsTo: ['done'],
      says: 'Done: €40.00.',
    },
    { say: 'Please confirm.' },
  ],
  slow: [{ say: 'Let me think' }, { wait: 5_000 }],
};

let folder: string;
let gateway: ScriptedGateway;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'duradesk-ask-'));
  const script: Script = (text) => scripts[text] ?? [{ say: `You said: ${text}` }];
  gateway = await startScriptedGateway({ script, identitySecret });
  writeDesk({});
});

afterEach(async () => {
  await gateway.stop();
  rmSync(folder, { recursive: true });
});

const writeDesk = (change: Partial<DeskFile>): void =>
  writeDeskFile(folder, {
    gateway: gateway.url,
    temporal: '127.0.0.1:1',
    temporalNamespace: 'default',
    temporalUi: null,
    databaseUrl: 'postgres://127.0.0.1:1/desk',
    redisUrl: 'redis://127.0.0.1:1',
    modelUrl: 'http://127.0.0.1:1',
    secret: 'x'.repeat(32),
    identitySecret,
    sampleCustomer: 'cus_ada',
    ...recordOf(process.pid),
    ...change,
  });

const run = (args: string[]) =>
  spawn(process.execPath, ['--import', 'tsx', join(root, 'local', 'ask.ts'), ...args, '--desk', folder], { cwd: root });

const ask = async (...args: string[]): Promise<{ code: number | null; out: string; err: string; chunks: string[] }> => {
  const child = run(args);
  const chunks: string[] = [];
  let err = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => chunks.push(chunk));
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    err += chunk;
  });
  await once(child, 'close');
  return { code: child.exitCode, out: chunks.join(''), err, chunks };
};

const owners = (): string[] => [...gateway.conversations.values()].map(({ owner }) => owner);

describe('an action', () => {
  test('is confirmed where that was said, and what came of it follows', async () => {
    const { code, out, err } = await ask('refund', '--confirm');
    expect({ code, out, err }).toEqual({ code: 0, out: 'Please confirm.\nDone: €40.00.\n', err: '' });
    const { out: json } = await ask('refund', '--cancel', '--json');
    expect(JSON.parse(json)).toMatchObject({
      text: 'Please confirm.\nDone: €40.00.',
      actions: [{ title: 'Refund', state: 'cancelled' }],
    });
  });

  test('is left as it is where nothing was said, and not both', async () => {
    const { out } = await ask('refund', '--json');
    expect(JSON.parse(out)).toMatchObject({ text: 'Please confirm.', actions: [{ state: 'proposed' }] });
    expect((await ask('refund', '--confirm', '--cancel')).code).toBe(2);
  });
});

describe('an answer', () => {
  test('streams as text, without what a terminal would obey, and exits with 0', async () => {
    const { code, out, err, chunks } = await ask(question);
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect(out).toBe('A try that broke\n\nIt is [31mon its way. 🚲\n');
    expect(chunks.length).toBeGreaterThan(2);
    expect(owners()).toEqual(['customer:cus_ada']);
  });

  test('is one line of JSON for machines', async () => {
    const { code, out } = await ask(question, '--json', '--desk', join(folder, 'desk.json'));
    expect(code).toBe(0);
    expect(out.trim().split('\n')).toHaveLength(1);
    const [conversationId] = gateway.conversations.keys();
    const line: { firstDeltaMs: number; finalMs: number } = JSON.parse(out);
    expect(line).toEqual({
      conversationId,
      workflowId: conversationId,
      text: 'It is \u001b[31mon its way. 🚲',
      sources: [{ title: 'Shipping', url: 'https://shop.example/shipping' }],
      tools: [{ name: 'find_order', ok: true }],
      firstDeltaMs: expect.any(Number),
      finalMs: expect.any(Number),
    });
    expect(line.firstDeltaMs).toBeGreaterThanOrEqual(40);
    expect(line.finalMs).toBeGreaterThanOrEqual(line.firstDeltaMs + 150);
  });

  test('that is not final is printed and exits with 1', async () => {
    expect(await ask('I want a person')).toMatchObject({
      code: 1,
      out: 'I am getting someone.\n',
      err: 'This is no final answer: it ended as "escalated".\n',
    });
  });

  test('that does not come in time exits with 1', async () => {
    expect(await ask('slow', '--timeout', '0.3')).toMatchObject({
      code: 1,
      out: 'Let me think\n',
      err: 'The desk has not answered within 0.3 s.\n',
    });
  });

  test('that nobody reads any more is no crash', async () => {
    const child = run([question]);
    let err = '';
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      err += chunk;
    });
    child.stdout.destroy();
    await once(child, 'close');
    expect({ code: child.exitCode, err }).toEqual({ code: 1, err: '' });
  });
});

describe('a conversation', () => {
  test('goes on as who began it, from a file that only this user can read', async () => {
    await ask('first', '--anonymous');
    await ask('second', '--as', 'cus_ben');
    const [visitor, ben] = [...gateway.conversations.keys()];
    expect(statSync(join(folder, 'ask.json')).mode & 0o777).toBe(0o600);
    expect((await ask('more', '--conversation', visitor ?? '')).out).toBe('You said: more\n');
    expect((await ask('more', '--conversation', ben ?? '')).out).toBe('You said: more\n');
    expect(owners()).toEqual([expect.stringMatching(/^visitor:/), 'customer:cus_ben']);
    expect([...gateway.conversations.values()].map(({ messages }) => messages.length)).toEqual([4, 4]);
  });

  test('of someone else is not answered, and nothing is said in another one', async () => {
    await ask('first', '--as', 'cus_ben');
    const [ben] = [...gateway.conversations.keys()];
    expect(await ask('mine?', '--as', 'cus_ada', '--conversation', ben ?? '')).toMatchObject({
      code: 1,
      out: '',
      err: `There is no conversation ${ben} for this asker: leave out --conversation.\n`,
    });
    expect([...gateway.conversations.values()].flatMap(({ messages }) => messages)).toHaveLength(2);
  });
});

describe('a person', () => {
  const begun = async () => {
    for (const until = Date.now() + 10_000; ; ) {
      const [conversation] = [...gateway.conversations.values()];
      if (conversation?.wishes.size) return conversation;
      if (Date.now() > until) throw new Error('nobody has asked for a person');
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  };

  test('is asked for with or without a question, and what they say is the answer, with their name', async () => {
    const asked = ask('--person', '--json');
    const conversation = await begun();
    conversation.append({ type: 'owner.changed', owner: 'waiting', term: 1 });
    conversation.append({ type: 'owner.changed', owner: 'agent', term: 2, by: 'Ann' });
    conversation.say('Ann', 'Hello, I am Ann.');
    const { code, out } = await asked;
    expect(JSON.parse(out)).toMatchObject({ conversationId: conversation.id, by: 'Ann', text: 'Hello, I am Ann.' });
    expect(code).toBe(0);
    // Whoever goes on is answered by who has the conversation now, not by what was said before.
    const more = ask('my tent leaks', '--person', '--conversation', conversation.id);
    for (const until = Date.now() + 10_000; conversation.messages.length < 3 && Date.now() < until; )
      await new Promise((resolve) => setTimeout(resolve, 20));
    conversation.say('Ann', 'I see.');
    expect(await more).toMatchObject({ code: 0, out: 'Ann: I see.\n', err: '' });
  });

  test('who does not come in time is said so, with the place in the line', async () => {
    const asked = ask('--person', '--timeout', '3');
    const conversation = await begun();
    conversation.append({ type: 'owner.changed', owner: 'waiting', term: 1 });
    conversation.append({ type: 'queue.changed', position: 2, expectedMs: 150_000 });
    expect(await asked).toMatchObject({
      ...{ code: 1, out: '' },
      err: 'Nobody has come within 3 s. Waiting for a person: you are number 2 in line, about 3 minutes.\n',
    });
  });
});

test('a desk that is no sample company is asked as a visitor', async () => {
  writeDesk({ sampleCustomer: undefined });
  await ask('Hi');
  expect(owners()).toEqual([expect.stringMatching(/^visitor:/)]);
});

test('without a desk it says so in one sentence', async () => {
  writeDesk({ pid: 2 ** 22 });
  expect(await ask('Hi')).toMatchObject({
    code: 1,
    out: '',
    err: `No desk is running from ${folder}: start one with "npm start".\n`,
  });
  rmSync(join(folder, 'desk.json'));
  expect(await ask('Hi')).toMatchObject({ code: 1, out: '' });
});

test('a desk that does not answer, and one that refuses, are told apart', async () => {
  writeDesk({ identitySecret: 'another secret than the gateway has' });
  expect(await ask('Hi')).toMatchObject({ code: 1, err: expect.stringContaining('refuses this asker') });
  gateway.setReachable(false);
  expect(await ask('Hi')).toMatchObject({ code: 1, err: expect.stringContaining('does not answer') });
});

test.each([
  [[]],
  [['   ']],
  [['Hi', '--as', 'cus_ada', '--anonymous']],
  [['Hi', '--timeout', 'soon']],
  [['Hi', '--nonsense']],
])('usage error: %j', async (args) => {
  const { code, out, err } = await ask(...args);
  expect({ code, out }).toEqual({ code: 2, out: '' });
  expect(err).toMatch(/^error: /);
});
