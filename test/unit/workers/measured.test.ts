import { expect, test } from '@jest/globals';
import type { Activities } from '../../../activities/index.ts';
import type { Turn, TurnOutcome } from '../../../activities/turn.ts';
import { type ModelPart, ModelRefused, ModelUnavailable } from '../../../integrations/model.ts';
import { createMemoryEventLog } from '../../../stream/memory.ts';
import { measuredActivities, measuredEvents, measuredModel } from '../../../workers/measured.ts';
import { createWorkerMetrics } from '../../../workers/metrics.ts';
import { says, scriptedModel } from '../../scripted-model.ts';

type Metrics = ReturnType<typeof createWorkerMetrics>;

/** The values of a metric by its labels, written as Prometheus does; of a histogram how much was observed. */
const valuesOf = async ({ registry }: Metrics, name: string): Promise<Record<string, number>> => {
  const lines = (await registry.metrics())
    .split('\n')
    .filter((line) => line.startsWith(name) && !line.includes('_bucket'));
  return Object.fromEntries(
    lines.flatMap((line) => {
      const [, suffix, labels, value] = /^[a-z_]+?(_count|_sum|_total)(\{.*\})? (.+)$/.exec(line) ?? [];
      return suffix === '_sum' || !suffix ? [] : [[labels ?? '', Number(value)]];
    }),
  );
};

const prompt = { messages: [], tools: [], maxTokens: 10 };
const drain = async (parts: AsyncIterable<ModelPart>) => {
  for await (const part of parts) if (part.type === 'finish' && part.reason === 'cut') break;
};
const message = (at: string) => ({ clientMessageId: 'message-1', text: 'hello', at });
const turn = (messages = [message(new Date(Date.now() - 2_000).toISOString())]): Turn => ({
  conversationId: 'cnv_1',
  owner: 'visitor:1',
  term: 0,
  turn: 1,
  messages,
  round: 0,
  called: [],
  deadline: 0,
  turnMs: 0,
  changed: [],
  undoable: [],
});

test('model calls are counted by how they ended, 429 apart from other absences, with their tokens', async () => {
  const metrics = createWorkerMetrics();
  const call = (script: () => ModelPart[]) =>
    drain(measuredModel(scriptedModel(script), metrics).stream(prompt, new AbortController().signal));
  const throws = (error: Error) => () => {
    throw error;
  };
  await call(() => [{ type: 'finish', reason: 'stop', usage: { input: 7, output: 3 } }]);
  await call(() => says('no usage'));
  await call(() => [{ type: 'finish', reason: 'cut' }]);
  for (const error of [
    new ModelUnavailable('the model server answered 429', 300, 429),
    new ModelUnavailable('no connection'),
    new ModelRefused('401'),
  ])
    await expect(call(throws(error))).rejects.toBe(error);
  expect(await valuesOf(metrics, 'duradesk_model_calls_total')).toEqual({
    '{result="ok"}': 2,
    '{result="cut"}': 1,
    '{result="rate_limited"}': 1,
    '{result="unavailable"}': 1,
    '{result="refused"}': 1,
  });
  expect(await valuesOf(metrics, 'duradesk_model_tokens_total')).toEqual({
    '{direction="input"}': 7,
    '{direction="output"}': 3,
  });
  expect(await valuesOf(metrics, 'duradesk_model_seconds')).toEqual({ '': 2 });
});

test('a call that was stopped is abandoned, whatever the model failed with then', async () => {
  const metrics = createWorkerMetrics();
  const stop = new AbortController();
  const model = measuredModel(
    scriptedModel(() => [{ type: 'text', text: 'one' }, 10_000]),
    metrics,
  );
  setTimeout(() => stop.abort(new Error('stopped')), 20);
  await expect(drain(model.stream(prompt, stop.signal))).rejects.toThrow('stopped');
  expect(await valuesOf(metrics, 'duradesk_model_calls_total')).toEqual({ '{result="abandoned"}': 1 });
});

test('the first words of a turn are timed from the message that it answers, once', async () => {
  const metrics = createWorkerMetrics();
  const events = measuredEvents(createMemoryEventLog(), metrics);
  const [said] = turn().messages;
  if (!said) throw new Error('a turn has a message');
  const draft = await events.open('cnv_1', turn(), {
    once: [
      {
        type: 'message.added',
        message: { id: 'c:message-1', author: 'customer', turn: 1, text: 'hello', at: said.at },
      },
    ],
    always: (attempt) => [{ type: 'reply.started', turn: 1, attempt }],
  });
  if (typeof draft === 'string') throw new Error('the log is new');
  const delta = { type: 'reply.delta', turn: 1, attempt: 1, text: 'Hi' } as const;
  await events.append(draft, [{ ...delta, offset: 0 }]);
  await events.append(draft, [{ ...delta, offset: 2 }]);
  expect(await valuesOf(metrics, 'duradesk_first_delta_seconds')).toEqual({ '': 1 });
  const sum = /duradesk_first_delta_seconds_sum (.+)/.exec(await metrics.registry.metrics())?.[1];
  expect(Number(sum)).toBeGreaterThanOrEqual(2);
  expect(Number(sum)).toBeLessThan(3);
  const ended = { type: 'reply.ended', turn: 1, attempt: 1, end: 'final', length: 4 } as const;
  await events.append(draft, [ended]);
  await events.append(draft, [{ ...ended, cached: true }]);
  expect(await valuesOf(metrics, 'duradesk_cached_replies_total')).toEqual({ '': 1 });
});

test('turns are counted by how they ended for the customer, attempts by what became of them', async () => {
  const metrics = createWorkerMetrics();
  let outcome: TurnOutcome = { kind: 'superseded' };
  const activities: Activities = measuredActivities(
    {
      openConversation: () => Promise.reject(new Error('not asked for')),
      resolveConversation: () => Promise.reject(new Error('not asked for')),
      sayUnavailable: () => Promise.reject(new Error('not asked for')),
      writeNote: () => Promise.reject(new Error('not asked for')),
      openTicket: () => Promise.reject(new Error('not asked for')),
      updateTicket: () => Promise.reject(new Error('not asked for')),
      setTicketStatus: () => Promise.reject(new Error('not asked for')),
      tellSettled: () => Promise.reject(new Error('not asked for')),
      runErrands: () => Promise.reject(new Error('not asked for')),
      reply: async () => outcome,
      stopTurn: async () => ({ kind: 'ended', end: 'stopped' }),
      tell: async () => ({ kind: 'ended', recorded: true }),
      summarise: () => Promise.reject(new Error('not asked for')),
      changeOwner: async () => ({ isClosed: true }),
      relay: async () => true,
      slaReached: async () => undefined,
      slaStands: async () => undefined,
      suggest: async () => undefined,
      callTool: async (_turn, call) => {
        if (call === 2) throw new Error('Postgres is away');
        return call === 3 ? { kind: 'effect' } : { kind: 'answered', ok: call === 0 };
      },
      runEffect: async () => ({ id: '1.3', state: 'done', ok: true }),
      giveUpEffect: () => Promise.reject(new Error('not asked for')),
      requestApproval: () => Promise.reject(new Error('not asked for')),
      closeAction: () => Promise.reject(new Error('not asked for')),
      approveAction: () => Promise.reject(new Error('not asked for')),
      reviseAction: () => Promise.reject(new Error('not asked for')),
    },
    metrics,
  );
  await activities.reply(turn());
  outcome = { kind: 'unavailable', cause: 'model' };
  await activities.reply(turn());
  outcome = { kind: 'ended', end: 'final' };
  await activities.reply(turn());
  await activities.stopTurn(turn());
  await activities.tell(turn(), 'failed');
  // The assistant's own: nobody asked for it.
  await activities.tell(turn([]), 'idleWarning');
  await activities.callTool(turn(), 0);
  await activities.callTool(turn(), 1);
  await expect(activities.callTool(turn(), 2)).rejects.toThrow('Postgres is away');
  expect(await valuesOf(metrics, 'duradesk_superseded_attempts_total')).toEqual({ '': 1 });
  expect(await valuesOf(metrics, 'duradesk_slow_path_turns_total')).toEqual({ '{cause="model"}': 1 });
  expect(await valuesOf(metrics, 'duradesk_turns_total')).toEqual({
    '{end="final"}': 1,
    '{end="stopped"}': 1,
    '{end="failed"}': 1,
  });
  expect(await valuesOf(metrics, 'duradesk_turn_seconds')).toEqual({ '': 3 });
  expect(await valuesOf(metrics, 'duradesk_tool_calls_total')).toEqual({
    '{result="ok"}': 1,
    '{result="failed"}': 1,
    '{result="error"}': 1,
  });
});
