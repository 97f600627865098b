import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection, ServiceError } from '@temporalio/client';
import { stringify } from 'yaml';
import * as names from '../../contracts/names.ts';
import { createOffers } from '../../store/offers.ts';
import { createOwners } from '../../store/owners.ts';
import { createRandom } from '../faults/random.ts';
import { createFolders } from '../folders.ts';
import { agentAt, deskOf } from '../people.ts';
import { smallestPlaybook } from '../playbook.ts';
import { newConversation, senderOf } from '../visitor.ts';
import { type Rig, startRig } from './rig.ts';

const EVENTS = 500;
const KILL_EVERY = 50;
const SEED = Number(process.env.RANDOM_SEED ?? Date.now() % 1_000_000);
const DESK = smallestPlaybook.handoff.desk;
const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'];

const folders = createFolders();

/** A company without an article whose only desk is always open. */
const writePlaybook = (): string => {
  const folder = folders();
  mkdirSync(join(folder, 'knowledge'));
  const [first] = smallestPlaybook.desks;
  const desk = { ...first, ring: '2s', rest: '1s', missesUntilAway: 5 };
  const hours = { week: Object.fromEntries(DAYS.map((day) => [day, ['00:00-24:00']])) };
  writeFileSync(join(folder, 'playbook.yaml'), stringify({ ...smallestPlaybook, desks: [desk], hours }));
  return folder;
};

let rig: Rig;
beforeAll(async () => {
  rig = await startRig({ gateways: 0, workers: 2, quickWorkers: true, playbook: writePlaybook() });
}, 120_000);
afterAll(() => rig?.close(), 60_000);

test(`${EVENTS} random events and ${EVENTS / KILL_EVERY} killed workers: nobody is lost, nobody has two agents`, async () => {
  console.log(`RANDOM_SEED=${SEED}`);
  const random = createRandom(SEED);
  const client = new Client({ connection: await Connection.connect({ address: rig.backing.temporal.url }) });
  const { db } = rig.database;
  const floor = { client, offers: createOffers(db), owners: createOwners(db) };
  const send = senderOf(client);
  const people = ['ann', 'bob', 'cat'].map((name, i) => agentAt(floor, DESK, { name, capacity: i + 1 }));
  const conversations = Array.from({ length: 25 }, newConversation);
  let messages = 0;
  let answers = 0;
  for (const person of people) await person.become('online');
  const events = {
    async arrive() {
      await send(random.pick(conversations), `message-${++messages}`, 'I want to talk to a person');
    },
    async status() {
      await random.pick(people).become(random.pick(['online', 'online', 'online', 'busy', 'away', 'offline'] as const));
    },
    async answer() {
      const open = await Promise.all(people.map(async (one) => ({ one, offers: await floor.offers.openFor(one.id) })));
      const ringing = open.flatMap(({ one, offers }) => offers.map(({ offer }) => ({ one, offer })));
      if (ringing.length === 0) return;
      const { one, offer } = random.pick(ringing);
      // One that has rung out meanwhile is refused, and that is right.
      await one.answer(offer, random.next() < 0.8 ? 'accept' : 'decline').then(
        () => answers++,
        () => undefined,
      );
    },
    async release() {
      const id = random.pick(conversations);
      const owned = await floor.owners.of(id);
      const person = people.find((one) => one.id === owned?.agent);
      await person?.release(id, random.pick(['giveBack', 'resolve', 'transfer'] as const)).catch(() => undefined);
    },
  };
  let unasked = 0;
  /** `null`: it could not be asked, since its worker has just died. What it holds is seen the next time, and at the end. */
  const asked = () =>
    deskOf(floor, DESK).catch((error: unknown) => {
      if (!(error instanceof ServiceError)) throw error;
      unasked += 1;
      return null;
    });
  let replaced: Promise<unknown> = Promise.resolve();
  for (let i = 0; i < EVENTS; i++) {
    if (i % KILL_EVERY === KILL_EVERY / 2) {
      await replaced;
      await rig.kill(random.pick(rig.workers));
      replaced = rig.startWorker();
    }
    await events[random.pick(['arrive', 'arrive', 'answer', 'answer', 'release', 'release', 'status'] as const)]();
    const { agents, entries } = (i % 25 === 0 && (await asked())) || { agents: [], entries: [] };
    for (const { id, load, capacity } of agents) {
      expect(load).toBeLessThanOrEqual(capacity);
      expect(load).toBe(entries.filter(({ agent, place }) => agent === id && place !== 'returning').length);
    }
  }
  await replaced;

  // Now everybody is served.
  for (const person of people) await person.become('online');
  for (const until = Date.now() + 120_000; ; ) {
    const state = await asked();
    const owned = await Promise.all(conversations.map(async (id) => ({ id, ...(await floor.owners.of(id)) })));
    const wanting = owned.filter(({ heldBy }) => heldBy === 'waiting' || heldBy === 'agent');
    if (state?.entries.length === 0 && wanting.length === 0) break;
    if (Date.now() > until) throw new Error(`left behind: ${JSON.stringify({ entries: state?.entries, wanting })}`);
    for (const { id, agent } of wanting) {
      const person = people.find((one) => one.id === agent);
      await person?.release(id, 'resolve').catch(() => undefined);
    }
    for (const person of people)
      for (const { offer } of await floor.offers.openFor(person.id))
        await person.answer(offer, 'accept').catch(() => undefined);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  const { events: history } = await client.workflow.getHandle(names.deskWorkflowId(DESK)).fetchHistory();
  console.log(
    `${answers} answers, ${messages} messages, ${history?.length} events in the desk's history, ${unasked} questions unanswered`,
  );
  expect(answers).toBeGreaterThan(10);
  await client.connection.close();
}, 400_000);
