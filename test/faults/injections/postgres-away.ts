import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { acknowledgement, answer } from '../measures.ts';
import { inOutages, type Outage } from '../outages.ts';
import { PACED } from '../rounds.ts';
import type { FaultCase, Setting } from '../setting.ts';

/** P1: an acknowledged message is in Postgres this long after Postgres is up, milliseconds. */
const RECORDED_MS = 10_000;
const AWAY_MS = { low: 2_000, high: 9_000 };
/** The one time that is longer than a turn may take. */
const LONG_MS = 60_000;

/**
 * F13. Postgres crashes while somebody commits, loses the answers to commits, refuses to write, has its tables locked so that
 * every connection of every pool waits, and is down: for seconds, and once in a run for a minute.
 */
export const postgresAway: FaultCase = {
  name: 'F13',
  title: 'Postgres crashes, is read-only, exhausted or down',
  rig: { gateways: 2, workers: 2, profile: PACED },
  needs: { postgres: true, links: ['postgres'] },
  // A snapshot cannot be had meanwhile, and without one nothing that follows.
  allowances: { deliveryMs: LONG_MS + 5_000 },
  async inflict(setting) {
    // The server of tests does not wait for its disk; a crash would lose what it said was committed.
    await onServer(setting, ({ name }) => `alter database ${name} set synchronous_commit = on`);
    let wasLong = false;
    const next = (): Outage => {
      const ways = waysOf(setting);
      const long = !wasLong && setting.trials >= 20;
      wasLong ||= long;
      return long ? { ...ways.down, lastsMs: LONG_MS } : setting.random.pick(Object.values(ways));
    };
    await inOutages(setting, {
      outage: next,
      together: 6,
      patienceMs: 75_000 + LONG_MS,
      after: () => pause(RECORDED_MS),
    });
  },
  worst: (lines) => ({ acknowledgementMs: acknowledgement(lines), answerMs: answer(lines) }),
};

const waysOf = (setting: Setting): Record<'crash' | 'answersLost' | 'readOnly' | 'exhausted' | 'down', Outage> => {
  const { random, rig, servers } = setting;
  const link = servers.link('postgres');
  const lastsMs = random.int(AWAY_MS.low, AWAY_MS.high);
  const common = { target: 'postgres', lastsMs };
  let locker: pg.Client | undefined;
  return {
    crash: { ...common, what: 'crash in a commit', lastsMs: 1_000, begin: () => crash(setting), end: async () => {} },
    answersLost: { ...common, what: 'answers lost', begin: () => link.loseAnswers(random.int(0, 200)), end: link.mend },
    readOnly: {
      ...common,
      what: 'read-only',
      begin: () => rig.database.readOnly(true),
      end: () => rig.database.readOnly(false),
    },
    exhausted: {
      ...common,
      what: 'tables locked, pools exhausted',
      async begin() {
        locker = new pg.Client(rig.sources.databaseUrl);
        await locker.connect();
        await locker.query('begin; lock table conversations, turns, messages in access exclusive mode');
      },
      async end() {
        await locker?.end();
      },
    },
    down: { ...common, what: 'down', begin: link.cut, end: link.mend },
  };
};

/**
 * SIGKILL for the server process of whoever is at work: the others are ended with it, and the server recovers from its
 * write-ahead log. Nobody at work within a second: whoever is connected.
 */
const crash = async ({ rig, random }: Setting): Promise<void> => {
  const client = new pg.Client(rig.sources.databaseUrl);
  client.on('error', () => {});
  await client.connect();
  const others = `from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`;
  const pids = async (condition = ''): Promise<number[]> =>
    (await client.query<{ pid: number }>(`select pid ${others} ${condition}`)).rows.map(({ pid }) => pid);
  let working: number[] = [];
  for (const until = Date.now() + 1_000; working.length === 0 && Date.now() < until; )
    working = await pids(`and (state <> 'idle' or xact_start is not null)`);
  const victims = working.length > 0 ? working : await pids();
  process.kill(random.pick(victims), 'SIGKILL');
  await client.end().catch(() => {});
};

const onServer = async ({ rig }: Setting, statement: (database: { name: string }) => string): Promise<void> => {
  const { databaseUrl } = rig.sources;
  const client = new pg.Client(databaseUrl);
  await client.connect();
  await client.query(statement({ name: new URL(databaseUrl).pathname.slice(1) }));
  await client.end();
};
