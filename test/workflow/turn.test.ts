import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { temporal } from '@temporalio/proto';
import * as names from '../../contracts/names.ts';
import { ModelRefused, ModelUnavailable, type Prompt } from '../../integrations/model.ts';
import { type Engine, startEngine } from '../engine.ts';
import { ALWAYS } from '../people.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';
import { eventTexts, watch } from '../watch.ts';

const { EVENT_TYPE_WORKFLOW_TASK_COMPLETED, EVENT_TYPE_ACTIVITY_TASK_SCHEDULED } = temporal.api.enums.v1.EventType;

const asked = ({ messages }: Prompt) => messages.at(-1)?.content ?? '';
let failures = 0;
let askedAt: number[] = [];

const model = scriptedModel((prompt) => {
  const text = asked(prompt);
  if (text.startsWith('very slowly')) return says(...Array<string>(10).fill('and ')).flatMap((part) => [200, part]);
  if (text.startsWith('slowly')) return says('one ', 'two ', 'three ').flatMap((part) => [150, part]);
  if (text.startsWith('refused')) throw new ModelRefused('the key is wrong');
  askedAt.push(Date.now());
  if (text.startsWith('limited') && askedAt.length === 1) throw new ModelUnavailable('429', 3_500);
  if (text.startsWith('busy') && failures-- > 0) throw new ModelUnavailable('429', 300);
  return says('You said: ', text);
});

let engine: Engine;
let id: string;
beforeAll(async () => {
  const { playbook } = testPlaybook();
  engine = await startEngine({
    model,
    loaded: testPlaybook({ hours: ALWAYS, budgets: { ...playbook.budgets, turnSeconds: 12 } }),
  });
});
afterAll(() => engine.stop());
beforeEach(() => {
  id = engine.newConversation();
});

const history = async () => (await engine.client.workflow.getHandle(id).fetchHistory()).events ?? [];
const count = async (type: number) => (await history()).filter(({ eventType }) => eventType === type).length;
const texts = async () => (await engine.messages(id)).map(({ text }) => text);

describe('a plain turn', () => {
  test('costs one workflow task and no activity task, and its words are in no event but the signal', async () => {
    await engine.send(id, 'message-1', 'hello');
    await engine.ended(id, 1);
    await engine.send(id, 'message-2', 'again');
    await engine.ended(id, 2);
    await engine.settled(id, 2);
    expect(await count(EVENT_TYPE_WORKFLOW_TASK_COMPLETED)).toBe(2);
    expect(await count(EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)).toBe(0);
    expect(eventTexts(await history()).filter((text) => text.includes('You said'))).toEqual([]);
    expect(await texts()).toEqual(['hello', 'You said: hello', 'again', 'You said: again']);
  });

  test('knows what was said before', async () => {
    await engine.send(id, 'message-1', 'my name is Ada');
    await engine.ended(id, 1);
    await engine.send(id, 'message-2', 'what is my name?');
    await engine.ended(id, 2);
    expect(model.prompts.at(-1)?.messages.slice(1)).toEqual([
      { role: 'user', content: 'my name is Ada' },
      { role: 'assistant', content: 'You said: my name is Ada' },
      { role: 'user', content: 'what is my name?' },
    ]);
  });

  test('answers once what is sent three times, and together what arrives while it is busy', async () => {
    await engine.send(id, 'message-1', 'slowly');
    await Promise.all(['message-1', 'message-1', 'message-2'].map((key) => engine.send(id, key, 'slowly')));
    await engine.send(id, 'message-3', 'third');
    await engine.ended(id, 2);
    expect((await engine.messages(id)).map(({ id, turn }) => `${turn} ${id}`)).toEqual([
      '1 c:message-1',
      '1 a:1',
      '2 c:message-2',
      '2 c:message-3',
      '2 a:2',
    ]);
  });
});

describe('when the model', () => {
  test('is over its rate, the same turn waits in the queue of the assistant and is answered', async () => {
    failures = 2;
    await engine.send(id, 'message-1', 'busy');
    expect((await engine.ended(id, 1)).end).toBe('final');
    expect(await count(EVENT_TYPE_ACTIVITY_TASK_SCHEDULED)).toBe(1);
  });

  test('says when to ask again, it is left alone until then, and a customer for whom that is long is told at once', async () => {
    const seen = await watch(engine.reader, id);
    askedAt = [];
    await engine.send(id, 'message-1', 'limited');
    await seen.until(() => seen.events.some(({ event }) => event.type === 'reply.delayed'), 2_500);
    expect(askedAt).toHaveLength(1);
    expect((await engine.ended(id, 1)).end).toBe('final');
    expect(askedAt).toHaveLength(2);
    expect((askedAt[1] ?? 0) - (askedAt[0] ?? 0)).toBeGreaterThanOrEqual(3_500);
  });

  test('stays away, the customer is told within the time of a turn, and the next turn is answered', async () => {
    failures = 1_000;
    const sent = Date.now();
    await engine.send(id, 'message-1', 'busy');
    expect(await engine.ended(id, 1)).toMatchObject({ end: 'failed', text: 'Something went wrong on our side.' });
    expect(Date.now() - sent).toBeLessThan(12_000);
    await engine.send(id, 'message-2', 'hello');
    expect((await engine.ended(id, 2)).end).toBe('final');
  });

  test('refuses the request, the turn fails at once', async () => {
    const sent = Date.now();
    await engine.send(id, 'message-1', 'refused');
    expect((await engine.ended(id, 1)).end).toBe('failed');
    expect(Date.now() - sent).toBeLessThan(2_000);
  });
});

describe('when what it runs on fails', () => {
  test('a worker that died after the reply was written: it is shown, and what came meanwhile is answered next', async () => {
    await engine.writtenBefore(id, { clientMessageId: 'message-1', text: 'hello', reply: 'Written before the crash.' });
    const seen = await watch(engine.reader, id);
    await Promise.all([engine.send(id, 'message-1', 'hello'), engine.send(id, 'message-2', 'more')]);
    expect((await engine.ended(id, 2)).text).toBe('You said: more');
    expect(await texts()).toEqual(['hello', 'Written before the crash.', 'more', 'You said: more']);
    await seen.until(() => seen.reply(2)?.end === 'final');
    expect(seen.reply(1)).toEqual({ text: 'Written before the crash.', end: 'final' });
  });

  test('a worker that died after the reply was written, and then a person was asked for: said once each', async () => {
    const seen = await watch(engine.reader, id);
    await engine.send(id, 'message-1', 'very slowly');
    await seen.until((events) => events.some(({ event }) => event.type === 'reply.delta'));
    await engine.writtenBefore(id, { clientMessageId: 'message-2', text: 'hello', reply: 'Written.' }, 2);
    await engine.send(id, 'message-2', 'hello');
    await engine.client.workflow.getHandle(id).signal(names.personWanted);
    await engine.send(id, 'message-3', 'more');
    await engine.ended(id, 4);
    expect((await engine.messages(id)).map(({ id, turn, text }) => `${turn} ${id} ${text}`)).toEqual([
      '1 c:message-1 very slowly',
      `1 a:1 ${'and '.repeat(10)}`,
      '2 c:message-2 hello',
      '2 a:2 Written.',
      '3 a:3 A person will take over.',
      '4 c:message-3 more',
      '4 a:4 You said: more',
    ]);
  });

  test('a log lost in the middle of a reply: the reply starts again and is whole, once', async () => {
    const seen = await watch(engine.reader, id);
    await engine.send(id, 'message-1', 'slowly');
    await seen.until((events) => events.some(({ event }) => event.type === 'reply.delta'));
    await engine.redis.flushall();
    await engine.ended(id, 1);
    expect(await texts()).toEqual(['slowly', 'one two three ']);
    const generations = new Set(seen.events.map(({ position }) => position.generation));
    expect(generations.size).toBe(2);
    await seen.until(() => seen.reply(1)?.end === 'final');
    expect(seen.reply(1)).toEqual({ text: 'one two three ', end: 'final' });
  });

  test('Postgres read-only for longer than a turn: the customer is told, and every message is recorded once it is back', async () => {
    await engine.send(id, 'message-1', 'hello');
    await engine.ended(id, 1);
    const seen = await watch(engine.reader, id);
    await engine.database.readOnly(true);
    await engine.send(id, 'message-2', 'are you there?');
    await seen.until(() => seen.reply(2)?.end !== undefined, 20_000);
    expect(seen.reply(2)).toEqual({ text: 'Something went wrong on our side.', end: 'failed' });
    await engine.database.readOnly(false);
    const back = Date.now();
    expect((await engine.ended(id, 2)).end).toBe('failed');
    expect(Date.now() - back).toBeLessThan(10_000);
    expect(await texts()).toEqual(['hello', 'You said: hello', 'are you there?', 'Something went wrong on our side.']);
  });
});
