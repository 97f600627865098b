import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { actionPhrases } from '../../../local/model/phrases/actions.ts';
import type { Evidence } from '../evidence.ts';
import { answer } from '../measures.ts';
import { type Booking, KINDS, type Tool } from '../outside/bookings.ts';
import { shorten, type Violation } from '../promises/case.ts';
import type { Line } from '../recording.ts';
import { type FaultCase, type Setting, seeOff } from '../setting.ts';
import { holdRow } from './held-row.ts';

/** At the start; each that dies is replaced at once. */
const WORKERS = 4;

/** For the errands, whose worker may have been killed several times, to be taken up again. */
const SETTLED_WITHIN_MS = 60_000;

const WISHES: Record<Tool, string> = {
  rent_tent: 'Please rent a tent for me.',
  ship_boots: 'Please ship the boots to me.',
  wash_jacket: 'Please wash my jacket.',
};

/** Where the caller of the outside system dies. */
const POINTS = [
  'before it is done, which it never is',
  'before it is done, which it is all the same',
  'done, not answered',
  'answered, not in the ledger',
  'in the ledger, not reported',
] as const;
type Point = (typeof POINTS)[number];

/** Every kind of tool with every point. */
const TRIALS = (Object.keys(KINDS) as Tool[]).flatMap((tool) => POINTS.map((point) => ({ tool, point })));

/** So far from one trial to the next, that a few of them are of different kinds at different points. */
const STRIDE = 7;

/** F3. The outside system itself kills the worker that called it, at a chosen point, each of its callers once. */
export const effectUnreported: FaultCase = {
  name: 'F3',
  title: 'a worker dies after the effect, before reporting it',
  rig: { gateways: 1, workers: WORKERS, quickWorkers: true },
  needs: { bookings: true },
  async inflict(setting) {
    const { servers, random, trials } = setting;
    const killer = createKiller(setting);
    servers.bookings().watch(killer);
    const from = random.int(0, TRIALS.length - 1);
    let begun = 0;
    let done = 0;
    const lane = async (): Promise<void> => {
      while (begun < trials) {
        const trial = TRIALS[(from + begun * STRIDE) % TRIALS.length];
        begun += 1;
        if (trial) await order(setting, killer, trial);
        done += 1;
        setting.progress(done);
      }
    };
    try {
      await Promise.all(Array.from({ length: WORKERS }, lane));
      await killer.settled();
    } finally {
      await killer.close();
    }
  },
  check: (lines, evidence) => evidence.flatMap((one) => judge(lines, one)),
  worst: (lines) => ({ answerMs: answer(lines) }),
};

const order = async (
  setting: Setting,
  killer: ReturnType<typeof createKiller>,
  { tool, point }: { tool: Tool; point: Point },
): Promise<void> => {
  const customer = setting.customer();
  const conversation = await customer.connected();
  await killer.arm(conversation, { client: customer.name, point });
  await customer.answered(customer.send(WISHES[tool]));
  killer.disarm(conversation);
  await seeOff([customer]);
};

type Armed = { client: string; point: Point; struck: boolean; underWay: boolean };

/** Knows whose effect is under way, and kills the worker that has it. */
const createKiller = ({ rig, recording }: Setting) => {
  const db = new pg.Pool({ connectionString: rig.sources.databaseUrl });
  const armed = new Map<string, Armed>();
  const starting = new Set<Promise<unknown>>();
  const striking = new Set<Promise<void>>();
  let last: Promise<unknown> = Promise.resolve();

  /** One after the other, so that whoever is struck along with somebody is not struck again. */
  const kill = (conversation: string): Promise<void> => {
    const killed = last.then(() => killNow(conversation));
    last = killed.catch(() => {});
    return killed;
  };

  const killNow = async (conversation: string): Promise<void> => {
    const own = armed.get(conversation);
    if (own?.struck) return;
    const name = await rig.effectOf(conversation);
    if (!own || name === undefined) return;
    const worker = rig.workers.find(({ child }) => child.name === name);
    // Others whose effect it has are struck too, wherever they are.
    const others = [...armed].filter(([id, { underWay }]) => underWay && id !== conversation);
    const theirs = await Promise.all(others.map(([id]) => rig.effectOf(id)));
    const struck = [own, ...others.flatMap(([, one], at) => (theirs[at] === name ? one : []))];
    for (const one of struck) one.struck = true;
    recording.add({
      ...{ type: 'injected', what: own.point, target: name },
      struck: struck.map(({ client }) => client),
    });
    // It may have died along with somebody else's, before that was known of this one.
    if (!worker) return;
    await rig.kill(worker);
    const next = rig.startWorker().finally(() => starting.delete(next));
    starting.add(next);
  };

  return {
    async arrived({ conversation }: Booking): Promise<'done' | 'lost'> {
      const own = armed.get(conversation);
      if (!own) return 'done';
      own.underWay = true;
      if (own.struck || !own.point.startsWith('before')) return 'done';
      await kill(conversation);
      return own.struck && own.point === 'before it is done, which it never is' ? 'lost' : 'done';
    },

    async done({ conversation }: Booking): Promise<void> {
      const own = armed.get(conversation);
      if (!own || own.struck) return;
      if (own.point === 'done, not answered') return kill(conversation);
      // Its worker comes as far as this row and waits; only then it dies.
      const table = own.point === 'in the ledger, not reported' ? 'steps' : 'effects';
      const row = await holdRow(db, table, conversation);
      const strike = async (): Promise<void> => {
        try {
          if (await row.waitedFor()) await kill(conversation);
        } finally {
          await row.release();
        }
      };
      striking.add(strike());
    },

    /** Resolves when there is a worker more than are to be killed: a second one is alive whenever one dies. */
    async arm(conversation: string, { client, point }: Pick<Armed, 'client' | 'point'>): Promise<void> {
      const condemned = () => [...armed.values()].filter(({ struck }) => !struck).length;
      while (condemned() + 2 > rig.workers.length) await pause(50);
      armed.set(conversation, { client, point, struck: false, underWay: false });
    },

    disarm: (conversation: string): boolean => armed.delete(conversation),

    /** Resolves when the desk has come back to every effect that was left unknown. */
    async settled(): Promise<void> {
      const open = `select from effects where look_at is not null`;
      for (const until = Date.now() + SETTLED_WITHIN_MS; (await db.query(open)).rowCount; await pause(100))
        if (Date.now() > until) throw new Error(`effects are still open after ${SETTLED_WITHIN_MS} ms`);
    },

    async close(): Promise<void> {
      await Promise.all([...striking, ...starting]);
      await db.end();
    },
  };
};

/** What this fault promises besides: everyone struck, one row each with the end that its kind allows, and the customer told which. */
const judge = (lines: readonly Line[], { conversation, effects, messages, tickets }: Evidence): Violation[] => {
  const violation = (what: string): Violation => ({ promise: 'P7', conversation, what });
  const client = lines.find((line) => line.type === 'welcome' && line.conversation === conversation);
  const isStruck = lines.some(
    (line) => line.type === 'injected' && client && 'client' in client && line.struck.includes(client.client),
  );
  const [effect, ...more] = effects;
  if (!effect || more.length > 0) return [violation(`${effects.length} effects are in the ledger`)];
  const isBlind = effect.tool === 'wash_jacket';
  const said = messages.findLast(({ author }) => author === 'assistant')?.text ?? '';
  const isSaidUnknown = said === actionPhrases.en.unknown;
  return [
    ...(isStruck ? [] : [violation('its worker did not die')]),
    ...(effect.state === 'done' || (isBlind && effect.state === 'unknown')
      ? []
      : [violation(`${effect.tool} is ${effect.state}`)]),
    ...(isSaidUnknown === (effect.state === 'unknown')
      ? []
      : [violation(`${effect.tool} is ${effect.state}, the customer was told ${shorten(said)}`)]),
    ...(tickets.length === (effect.state === 'unknown' ? 1 : 0)
      ? []
      : [violation(`${effect.tool} is ${effect.state} with ${tickets.length} tickets`)]),
  ];
};
