import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { queuedModel } from '../../activities/queued-model.ts';
import { createOpenAiModel } from '../../integrations/openai.ts';
import { identityOf } from '../../local/identity.ts';
import { connectCommands, connectSubscriber, ready } from '../../stream/connection.ts';
import { createModelQueue } from '../../stream/redis-model-queue.ts';
import type { Customer } from '../faults/customer.ts';
import { createRandom } from '../faults/random.ts';
import { createDesk, type Desk } from './desk.ts';

/** What the model's server takes, and what the desk is told of it. */
const CAPACITY = { concurrency: 10, perMinute: 600 };

/** Conversations of each customer; each of them asks once, all at the same moment. A gateway allows a customer ten. */
const HEAVY = { customers: 10, conversations: 20 };
const LIGHT = { customers: 20, conversations: 5 };
const TURNS = HEAVY.customers * HEAVY.conversations + LIGHT.customers * LIGHT.conversations;
const QUESTION = 'Which payment methods do you take?';
const BACKGROUND = 10;

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk({
    gateways: 2,
    workers: 2,
    profile: { firstTokenMs: 600, tokensPerSecond: 100 },
    env: {
      DESK_MODEL_CONCURRENCY: String(CAPACITY.concurrency),
      DESK_MODEL_REQUESTS_PER_MINUTE: String(CAPACITY.perMinute),
    },
  });
}, 120_000);
afterAll(() => desk?.close(), 60_000);

type Asked = { owner: string; answer: string | null; sentAt: number; beganAt: number; endedAt: number };

const ask = async (owner: string, customer: Customer): Promise<Asked> => {
  const sentAt = performance.now();
  const id = customer.send(QUESTION);
  const began = customer.streaming(1, 75_000).then(() => performance.now());
  const answer = await customer.answered(id);
  return { owner, answer, sentAt, beganAt: await began, endedAt: performance.now() };
};

const newcomer = async (owner: string, gateway: number): Promise<Customer> => {
  const identity = () => identityOf({ id: owner, name: 'Somebody' }, desk.rig.identitySecret);
  const customer = desk.customer(identity, desk.rig.gateways[gateway]);
  await customer.connected();
  return customer;
};

const percentile = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? 0;

/** When calls that arrive at `arrivals` would begin in a queue without costs. Milliseconds. */
const idealStarts = (arrivals: number[], serviceMs: number): number[] => {
  const starts: number[] = [];
  for (const [index, arrival] of [...arrivals].sort((a, b) => a - b).entries()) {
    const free = (starts[index - CAPACITY.concurrency] ?? Number.NEGATIVE_INFINITY) + serviceMs;
    const rate = (starts[index - CAPACITY.perMinute / 60] ?? Number.NEGATIVE_INFINITY) + 1_000;
    starts.push(Math.max(arrival, free, rate));
  }
  return starts;
};

/** One more process at the same queue: it holds all places until everybody waits, and then asks what nobody waits for. */
const openBystander = async () => {
  const { url } = desk.rig.backing.redis;
  const [commands, subscriber] = [connectCommands(url, () => {}), connectSubscriber(url, () => {})];
  await Promise.all([ready(commands), ready(subscriber)]);
  const server = { baseUrl: desk.rig.model.url, apiKey: 'none', model: 'gpt-4.1-mini' };
  const queue = createModelQueue(commands, subscriber, {
    model: `${server.baseUrl} ${server.model}`,
    limits: {
      concurrency: CAPACITY.concurrency,
      requestsPerMinute: CAPACITY.perMinute,
      tokensPerMinute: 100_000_000,
    },
    onAway: (error) => {
      throw error;
    },
  });
  const model = queuedModel(createOpenAiModel(server), queue);
  const prompt = { messages: [{ role: 'user' as const, content: 'hello' }], tools: [], maxTokens: 50 };
  const caller = { rank: 'background' as const, share: 'summaries', withinMs: 120_000 };
  const never = new AbortController().signal;
  return {
    async holdAll(): Promise<() => void> {
      const request = { rank: 'live' as const, share: 'bystander', tokens: 1, withinMs: 30_000 };
      const places = await Promise.all(Array.from({ length: CAPACITY.concurrency }, () => queue.enter(request, never)));
      return () => {
        for (const place of places) place?.leave({ result: 'ok' });
      };
    },
    async everybodyWaits(): Promise<void> {
      while (queue.standing().waiting < TURNS) await new Promise((resolve) => setTimeout(resolve, 50));
    },
    /** When each call began. */
    askInBackground: (count: number): Promise<number[]> =>
      Promise.all(
        Array.from({ length: count }, async () => {
          let at = 0;
          for await (const _ of model.stream(prompt, never, caller)) at ||= performance.now();
          return at;
        }),
      ),
    close() {
      queue.close();
      commands.disconnect();
      subscriber.disconnect();
    },
  };
};

test('300 turns at once at a model that takes 10 at a time: nobody sees an error, and nobody waits for others more than they must', async () => {
  const first = await newcomer('cus_first', 0);
  await ask('cus_first', first);
  const unloaded = await ask('cus_first', first);
  const firstWordsMs = unloaded.beganAt - unloaded.sentAt;
  const serviceMs = 600 + (unloaded.endedAt - unloaded.beganAt);

  const owners = [
    ...Array.from({ length: HEAVY.customers }, (_, at) => ({ owner: `cus_heavy_${at}`, count: HEAVY.conversations })),
    ...Array.from({ length: LIGHT.customers }, (_, at) => ({ owner: `cus_light_${at}`, count: LIGHT.conversations })),
  ];
  const present: { owner: string; customer: Customer }[] = [];
  for (const { owner, count } of owners) {
    const all = Array.from({ length: count }, async (_, at) => ({ owner, customer: await newcomer(owner, at % 2) }));
    present.push(...(await Promise.all(all)));
  }
  // Each conversation is open and in its worker's memory: what is put on trial is the queue, not 300 openings.
  await Promise.all(present.map(({ owner, customer }) => ask(owner, customer)));
  await desk.rig.model.capacity(CAPACITY);
  const bystander = await openBystander();
  const release = await bystander.holdAll();
  const random = createRandom(1);
  const mixed = present.map((one) => ({ one, at: random.next() })).sort((a, b) => a.at - b.at);
  const asking = mixed.map(({ one }) => one).map(({ owner, customer }) => ask(owner, customer));
  await bystander.everybodyWaits();
  const background = bystander.askInBackground(BACKGROUND);
  release();
  const releasedAt = performance.now();
  const turns = await Promise.all(asking);
  const backgroundAt = await background;
  const usage = await desk.rig.model.usage();
  bystander.close();

  const begun = turns.toSorted((a, b) => a.beganAt - b.beganAt);
  const contended = begun.slice(0, owners.length * LIGHT.conversations);
  const parts = owners.map(({ owner }) => contended.filter((turn) => turn.owner === owner).length);
  const heavyPart = parts.slice(0, HEAVY.customers).reduce((sum, part) => sum + part, 0) / HEAVY.customers;
  const lightPart = parts.slice(HEAVY.customers).reduce((sum, part) => sum + part, 0) / LIGHT.customers;
  const added = turns.map(({ sentAt, beganAt }) => beganAt - sentAt - firstWordsMs);
  const sent = turns.map(({ sentAt }) => sentAt).sort((a, b) => a - b);
  const starts = idealStarts(
    sent.map((at) => Math.max(at, releasedAt)),
    serviceMs,
  );
  const ideal = starts.map((start, at) => start - (sent[at] ?? 0));
  const lastLive = begun.at(-1)?.beganAt ?? 0;
  const beforeLive = backgroundAt.filter((at) => at < lastLive - 3_000).length;
  console.log(
    [
      `${TURNS} turns, all waiting after ${Math.round(releasedAt - Math.min(...turns.map(({ sentAt }) => sentAt)))} ms; ${usage.sent} calls, ${usage.refused} refused, at most ${usage.mostAtOnce} at once and ${usage.mostPerMinute} a minute`,
      `a call takes ${Math.round(serviceMs)} ms; added wait p50 ${Math.round(percentile(added, 0.5))} ms, p95 ${Math.round(percentile(added, 0.95))} ms; ideal queue p50 ${Math.round(percentile(ideal, 0.5))} ms, p95 ${Math.round(percentile(ideal, 0.95))} ms`,
      `the first ${contended.length} turns: ${heavyPart.toFixed(2)} of each heavy customer, ${lightPart.toFixed(2)} of each light one, ${Math.min(...parts)} to ${Math.max(...parts)}`,
      `background calls began ${backgroundAt.map((at) => ((at - lastLive) / 1_000).toFixed(1)).join(' ')} s after the last live one`,
    ].join('\n'),
  );
  expect(new Set(turns.map(({ answer }) => answer))).toEqual(new Set([unloaded.answer]));
  expect(unloaded.answer).not.toBeNull();
  const { violations, evidence } = await desk.verdict();
  expect(violations).toEqual([]);
  expect(evidence.flatMap(({ turns: all }) => all).filter(({ ended }) => ended !== 'final')).toEqual([]);
  expect(usage).toMatchObject({ sent: TURNS + BACKGROUND, refused: 0 });
  expect(usage.mostAtOnce).toBeLessThanOrEqual(CAPACITY.concurrency);
  expect(beforeLive).toBe(0);
  expect(Math.abs(heavyPart / lightPart - 1)).toBeLessThanOrEqual(0.2);
}, 240_000);
