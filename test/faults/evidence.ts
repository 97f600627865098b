import { Client, Connection } from '@temporalio/client';
import type { temporal } from '@temporalio/proto';
import pg from 'pg';
import { z } from 'zod';
import { effectState } from '../../contracts/actions.ts';
import { customerMessage } from '../../contracts/names.ts';

// What the desk itself holds of each conversation when everything has come to rest: the truth for text and for control.

const recorded = z.object({
  id: z.string(),
  author: z.enum(['customer', 'assistant']),
  turn: z.int(),
  ordinal: z.int(),
  text: z.string(),
  ended: z.string().nullable(),
  /** Epoch milliseconds. */
  at: z.number(),
});

const turn = z.object({
  turn: z.int(),
  attempt: z.int(),
  ended: z.string().nullable(),
  /** Milliseconds from the first attempt's beginning to the end; `null` while it has none. */
  tookMs: z.number().nullable(),
});

const step = z.object({
  turn: z.int(),
  call: z.int(),
  name: z.string(),
  arguments: z.string(),
  result: z.string().nullable(),
});

/** A row of the ledger. */
const effect = z.object({ turn: z.int(), call: z.int(), tool: z.string(), key: z.string(), state: effectState });

/** A customer's message as Temporal's history has it, in the order of arrival over all runs. */
const signal = z.object({ clientMessageId: z.string(), at: z.number(), run: z.int() });

export const conversationEvidence = z.object({
  conversation: z.string(),
  messages: z.array(recorded),
  turns: z.array(turn),
  steps: z.array(step),
  effects: z.array(effect),
  /** Ids of the tickets that were opened for it. */
  tickets: z.array(z.string()),
  signals: z.array(signal),
  /** What happened in each run, oldest first, one line per event: when, what, and which worker. For people to read. */
  history: z.array(z.array(z.string())),
  /** Workflow tasks that failed (not those that timed out with their worker), and ends that no conversation may have. */
  failures: z.array(z.string()),
  /** Completed workflow tasks over all runs. */
  tasks: z.int(),
});

export type Evidence = z.infer<typeof conversationEvidence>;

export type Sources = { databaseUrl: string; temporalAddress: string };

/** Reads what Postgres and Temporal hold of the conversations. */
export const collectEvidence = async (
  { databaseUrl, temporalAddress }: Sources,
  conversations: readonly string[],
): Promise<Evidence[]> => {
  const db = new pg.Pool({ connectionString: databaseUrl, max: AT_ONCE });
  const connection = await Connection.connect({ address: temporalAddress });
  const client = new Client({ connection });
  const left = [...conversations];
  const all: Evidence[] = [];
  const collect = async (): Promise<void> => {
    for (let next = left.pop(); next !== undefined; next = left.pop())
      all.push({ conversation: next, ...(await stored(db, next)), ...summary(await runsOf(client, next)) });
  };
  try {
    await Promise.all(Array.from({ length: AT_ONCE }, collect));
    return all;
  } finally {
    await db.end();
    await connection.close();
  }
};

/** Conversations that are read at the same time. */
const AT_ONCE = 8;

type Stored = Pick<Evidence, 'messages' | 'turns' | 'steps' | 'effects' | 'tickets'>;

const stored = async (db: pg.Pool, conversation: string): Promise<Stored> => ({
  messages: await rows(
    db,
    recorded,
    `select id, author, turn, ordinal, text, ended, extract(epoch from at)::float8 * 1000 as at
       from messages where conversation_id = $1 order by turn, ordinal`,
    conversation,
  ),
  turns: await rows(
    db,
    turn,
    `select turn, attempt, ended, extract(epoch from ended_at - started_at)::float8 * 1000 as "tookMs"
       from turns where conversation_id = $1 order by turn`,
    conversation,
  ),
  steps: await rows(
    db,
    step,
    `select turn, call, name, arguments, result from steps where conversation_id = $1 order by turn, call`,
    conversation,
  ),
  effects: await rows(
    db,
    effect,
    `select turn, call, tool, key, state from effects where conversation_id = $1 order by turn, call`,
    conversation,
  ),
  tickets: (
    await rows(
      db,
      z.object({ id: z.string() }),
      `select ticket_id as id from conversation_tickets where conversation_id = $1 order by opened_at`,
      conversation,
    )
  ).map(({ id }) => id),
});

const rows = async <S extends z.ZodType>(
  db: pg.Pool,
  schema: S,
  query: string,
  conversation: string,
): Promise<z.infer<S>[]> => z.array(schema).parse((await db.query(query, [conversation])).rows);

type HistoryEvent = temporal.api.history.v1.IHistoryEvent;

/** The histories of a conversation's runs, oldest first; none for one that was never started. */
const runsOf = async (client: Client, conversation: string, runId?: string): Promise<HistoryEvent[][]> => {
  const events = await client.workflow
    .getHandle(conversation, runId)
    .fetchHistory()
    .then((history) => history.events ?? [])
    .catch((error: unknown) => {
      if (error instanceof Error && error.name === 'WorkflowNotFoundError') return [];
      throw error;
    });
  const before = events[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId;
  return events.length === 0 ? [] : [...(before ? await runsOf(client, conversation, before) : []), events];
};

const summary = (runs: HistoryEvent[][]): Pick<Evidence, 'signals' | 'history' | 'failures' | 'tasks'> => ({
  history: runs.map((events) => events.map(describe)),
  signals: runs.flatMap((events, run) => events.flatMap((event) => signalOf(event, run))),
  failures: runs.flatMap((events) => events.flatMap(failureOf)),
  tasks: runs.flat().filter((event) => event.workflowTaskCompletedEventAttributes).length,
});

const describe = (event: HistoryEvent): string => {
  const [kind = '', attributes] =
    Object.entries(event).find(([key, value]) => key.endsWith('Attributes') && value !== null) ?? [];
  const by = z.object({ identity: z.string() }).safeParse(attributes).data?.identity ?? '';
  return `${new Date(millisecondsOf(event)).toISOString()} ${kind.replace(/EventAttributes$/, '')} ${by}`.trimEnd();
};

const payload = z.object({ clientMessageId: z.string() });

const signalOf = (event: HistoryEvent, run: number): Evidence['signals'] => {
  const { signalName, input } = event.workflowExecutionSignaledEventAttributes ?? {};
  const data = input?.payloads?.[0]?.data;
  if (!data || signalName !== customerMessage) return [];
  const { clientMessageId } = payload.parse(JSON.parse(Buffer.from(data).toString('utf8')));
  return [{ clientMessageId, at: millisecondsOf(event), run }];
};

/** `WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND`: a signal came while the run was being ended; the task is done again. */
const UNHANDLED_COMMAND = 1;

const failureOf = (event: HistoryEvent): string[] => {
  const failed = event.workflowTaskFailedEventAttributes;
  if (failed && failed.cause !== UNHANDLED_COMMAND)
    return [`workflow task failed: ${failed.cause} ${failed.failure?.message ?? ''}`];
  if (event.workflowExecutionFailedEventAttributes) return ['the workflow failed'];
  if (event.workflowExecutionTerminatedEventAttributes) return ['the workflow was terminated'];
  if (event.workflowExecutionTimedOutEventAttributes) return ['the workflow timed out'];
  return [];
};

const millisecondsOf = ({ eventTime }: HistoryEvent): number =>
  Number(eventTime?.seconds ?? 0) * 1_000 + Number(eventTime?.nanos ?? 0) / 1e6;
