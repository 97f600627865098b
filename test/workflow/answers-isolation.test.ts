import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Playbook } from '../../contracts/playbook.ts';
import { tool } from '../../contracts/playbook-tools.ts';
import type { ModelPart } from '../../integrations/model.ts';
import type { ToolProvider } from '../../integrations/tools.ts';
import { article, intents, RETURNS } from '../doubles/returns-desk.ts';
import { wordEmbedder } from '../doubles/word-embedder.ts';
import { type Engine, startEngine } from '../engine.ts';
import { createRandom } from '../faults/random.ts';
import { testPlaybook } from '../playbook.ts';
import { says, scriptedModel } from '../scripted-model.ts';

// P9 for the answer cache: what one customer was told of their own reaches nobody else, whatever the model says. The model here
// repeats every secret that any part of its prompt holds, under an answer that the articles support, so that it may be kept.

const SEED = 20_261_124;
const random = createRandom(SEED);
const CUSTOMERS = ['ada', 'bob', 'eve', 'joe', 'kim', 'lea'];
const secretOf = (name: string) => `canary${name}`;
const secretsIn = (text: string) => [...new Set(text.match(/canary[a-z]+/g) ?? [])];

const lookUp: ModelPart[] = [
  { type: 'tools', calls: [{ id: 'call_1', name: 'profile', arguments: '{}' }] },
  { type: 'finish', reason: 'tools' },
];
const model = scriptedModel(({ messages, tools }) => {
  const last = messages.at(-1);
  const wantsTool = last?.role === 'user' && /mine|account/.test(last.content) && tools.length > 0;
  return wantsTool ? lookUp : says(RETURNS, ...secretsIn(JSON.stringify(messages)).map((secret) => ` ${secret}`));
});

const shop: ToolProvider = {
  name: 'shop',
  list: async () => [
    {
      name: 'profile',
      description: 'Who the customer is',
      inputSchema: { type: 'object', properties: { customerId: { type: 'string' } } },
    },
  ],
  call: async (_name, { customerId }) => ({ ok: true, content: secretOf(String(customerId)) }),
  close: async () => {},
};
const tools: Playbook['tools'] = [
  tool.parse({
    provider: 'shop',
    name: 'profile',
    title: 'Looking',
    use: 'verified',
    kind: 'read',
    inject: { customerId: 'customer.id' },
    timeout: '5s',
  }),
];

let engine: Engine;
beforeAll(async () => {
  const book = testPlaybook(
    {
      intents,
      tools,
      providers: [{ name: 'shop', mcp: { url: 'http://127.0.0.1:1/' } }],
      entities: [{ name: 'order', title: 'Order', pattern: '\\b1\\d{3}\\b' }],
      answerCache: { keep: 60_000 },
    },
    [article],
  );
  engine = await startEngine({ model, loaded: book, embedder: wordEmbedder(), providers: async () => [shop] });
  const profiles = CUSTOMERS.map((id) => ({ id, name: secretOf(id), email: `${secretOf(id)}@mail.example` }));
  await engine.database.db.insertInto('customers').values(profiles).execute();
});
afterAll(() => engine.stop());

/** First messages: what all may share, what is one's own, and what only looks common. */
const QUESTIONS: ((name: string) => string)[] = [
  () => 'How do I return a jacket?',
  () => 'how do i return the jacket',
  () => 'Can I return boots?',
  () => 'Where is the refund?',
  () => 'Return policy of mine account?',
  () => 'How do I return boots of mine?',
  (name) => `My name is ${secretOf(name)}, how do I return a jacket?`,
  (name) => `${secretOf(name)} here: how do I return a jacket?`,
  (name) => `How do I return boots? ${secretOf(name)}@mail.example`,
  () => 'How do I return a jacket of order 1042?',
];

/** Asked first by those whose secret the model knows already, then by everybody as their first message. */
const LATE = 'Can I return sandals?';

const shuffled = <T>(all: readonly T[]): T[] =>
  all
    .map((one) => ({ one, at: random.next() }))
    .sort((a, b) => a.at - b.at)
    .map(({ one }) => one);

/** Signed in, but for one in three, who is a visitor. */
const ownerOf = (name: string) =>
  random.next() < 0.33 ? `visitor:${name.padEnd(22, '0').slice(0, 22)}` : `customer:${name}`;

test('nothing of one customer reaches another by the answer cache', async () => {
  console.log(`seed ${SEED}`);
  const conversation = async (name: string, first: string) => {
    const id = engine.newConversation();
    const owner = ownerOf(name);
    await engine.send(id, 'message-1', first, owner);
    await engine.ended(id, 1);
    // Now the model knows their secret from the history, and, of who is signed in, as a fact in all later conversations.
    await engine.send(id, 'message-2', `My number is ${secretOf(name)}. How do I return a jacket?`, owner);
    await engine.ended(id, 2);
    await engine.send(id, 'message-3', LATE, owner);
    await engine.ended(id, 3);
    return { name, messages: await engine.messages(id) };
  };
  for (let round = 0; round < 2; round += 1)
    for (const question of [...shuffled(QUESTIONS), () => LATE]) {
      const all = await Promise.all(shuffled(CUSTOMERS).map((name) => conversation(name, question(name))));
      for (const { name, messages } of all) {
        const foreign = messages.flatMap(({ text }) => secretsIn(text)).filter((secret) => secret !== secretOf(name));
        expect(foreign).toEqual([]);
      }
    }

  const served = await engine.database.db.selectFrom('turns').select('turn').where('rests_on', '=', 'cache').execute();
  console.log(`${served.length} turns were answered from the cache`);
  expect(served.length).toBeGreaterThan(20);
  expect(served.every(({ turn }) => turn === 1)).toBe(true);
  const facts = await engine.database.db.selectFrom('facts').select('value').distinct().execute();
  expect(facts.flatMap(({ value }) => secretsIn(value)).sort()).toEqual(CUSTOMERS.map(secretOf));
  const kept = await engine.database.db.selectFrom('answers').select(['question', 'text']).execute();
  for (const { question, text } of kept) expect(secretsIn(question)).toEqual(expect.arrayContaining(secretsIn(text)));
});
