import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection, QueryNotRegisteredError } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import type { Handoff } from '../../contracts/desk.ts';
import type { DeskEffect, DeskPolicy, EffectResult } from '../../contracts/desk-work.ts';
import * as names from '../../contracts/names.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import type { CarriedDesk } from '../../workflows/desk-records.ts';

/** Which of two waiting tasks a new worker takes first is the server's draw: with so many, both orders come. */
const DESKS = 12;
const HOUR_MS = 3_600_000;

const policy: DeskPolicy = {
  ...{ ringMs: HOUR_MS, restMs: 0, missesUntilAway: 1, wrapUpMs: 0, firstReplyMs: HOUR_MS, agingMs: HOUR_MS },
  ...{ relaxMs: HOUR_MS, handleMs: HOUR_MS, whenClosed: 'wait', open: null },
};

const queue = `asked-${randomBytes(6).toString('hex')}`;
let client: Client;
let connection: NativeConnection;
let bundle: string;
beforeAll(async () => {
  const address = process.env.TEST_TEMPORAL_ADDRESS ?? '';
  Runtime.install({ shutdownSignals: [], logger: new DefaultLogger('ERROR', () => {}) });
  client = new Client({ connection: await Connection.connect({ address }) });
  connection = await NativeConnection.connect({ address });
  bundle = await bundleWorkflows();
}, 60_000);
afterAll(async () => {
  await client.connection.close();
  await connection.close();
});

/** A worker whose desks find that everything they want done is done. */
const startWorker = async () => {
  const worker = await Worker.create({
    connection,
    taskQueue: queue,
    workflowBundle: { code: bundle },
    activities: {
      openDesk: async () => policy,
      carryOut: async (_desk: string, effects: DeskEffect[]): Promise<EffectResult[]> =>
        effects.map(({ id }) => ({ id, result: 'done' })),
    },
    stickyQueueScheduleToStartTimeout: '1 second',
  });
  const running = worker.run();
  return async () => {
    worker.shutdown();
    await running;
  };
};

test('a desk that is asked while it has no worker stands where its history says', async () => {
  const desks = Array.from({ length: DESKS }, (_, i) => `${queue}-${i}`);
  const tell = (desk: string, signal: string, payload: object) =>
    client.workflow.signalWithStart(names.desk, {
      workflowId: desk,
      taskQueue: queue,
      args: [desk],
      signal,
      signalArgs: [payload],
      workflowTaskTimeout: '5s',
    });
  const come = (desk: string, i: number) =>
    tell(desk, names.handOff, {
      ...{ conversationId: `conversation-${i}`, term: 1, at: Date.now(), reason: 'asked' },
      ...{ language: 'en', skills: [], weight: 1, priority: 0 },
    } satisfies Handoff);
  const stateOf = async (desk: string): Promise<CarriedDesk> => {
    for (;;)
      try {
        return await client.workflow.getHandle(desk).query<CarriedDesk>(names.deskState);
      } catch (error) {
        if (!(error instanceof QueryNotRegisteredError)) throw error;
        await pause(100);
      }
  };
  const agent = { id: 'ann', name: 'Ann', skills: [], languages: ['en'], capacity: 10 };

  const stop = await startWorker();
  for (const desk of desks) {
    await tell(desk, names.agentChanged, { agent, status: 'online', seq: 1 });
    expect((await stateOf(desk)).agents).toHaveLength(1);
  }
  await stop();

  const asked = desks.map(stateOf);
  await pause(1_500);
  for (const desk of desks) await come(desk, 1);
  const stopAgain = await startWorker();
  const states = await Promise.all(asked);
  expect(states.map(({ agents }) => agents.length)).toEqual(desks.map(() => 1));
  for (const desk of desks) await come(desk, 2);
  for (const desk of desks) while ((await stateOf(desk)).entries.length < 2) await pause(50);
  const lived = await Promise.all(desks.map(stateOf));
  await stopAgain();

  // The next worker has nothing but the histories, and must come to the same.
  const stopAtLast = await startWorker();
  expect(await Promise.all(desks.map(stateOf))).toEqual(lived);
  await stopAtLast();
  for (const desk of desks) await client.workflow.getHandle(desk).terminate();
}, 60_000);
