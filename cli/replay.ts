import type { Client } from '@temporalio/client';
import { DefaultLogger, Runtime } from '@temporalio/worker';
import { type Command, InvalidArgumentError } from 'commander';
import { readConfig, workerConfig } from '../config.ts';
import { duration } from '../contracts/duration.ts';
import { conversation, desk } from '../contracts/names.ts';
import { buildIdOf, loadBundle } from '../workers/bundle.ts';
import { type RecordedHistory, ReplayBroken, replay } from '../workers/replay.ts';
import { command } from './output.ts';
import { withTemporal } from './temporal.ts';

type Options = { since: string; limit: number };

/** Run before a deploy: what it refuses would leave live conversations stuck. */
export const replayCommand = (): Command =>
  command<Options>(
    'replay',
    "replay the histories of this cluster's conversations and desks against this workflow code",
    async ({ since, limit }, say) => {
      const { DESK_WORKFLOW_BUNDLE, ...temporal } = readConfig(
        workerConfig.pick({ TEMPORAL_ADDRESS: true, TEMPORAL_NAMESPACE: true, DESK_WORKFLOW_BUNDLE: true }),
      );
      // What the core says of a history that does not fit would land between the lines of the result.
      const silent = { logger: new DefaultLogger('ERROR', () => {}), telemetryOptions: { logging: { forward: {} } } };
      Runtime.install({ ...silent, shutdownSignals: [] });
      say('bundling the workflow code …');
      const bundle = await loadBundle(DESK_WORKFLOW_BUNDLE);
      const buildId = buildIdOf(bundle);
      const remedy = `duradesk replay --since ${since}`;
      return withTemporal(temporal, async (client) => {
        try {
          const replayed = await replay(
            bundle,
            liveHistories(client, new Date(Date.now() - duration.parse(since)), limit, say),
            remedy,
          );
          return {
            ok: true,
            data: { buildId, replayed, broken: [] },
            lines: [`${replayed} histories are replayed by this workflow code (build ${buildId})`],
          };
        } catch (error) {
          if (!(error instanceof ReplayBroken)) throw error;
          return { ok: false, data: { buildId, broken: error.broken }, lines: [error.message] };
        }
      });
    },
  )
    .option('--since <duration>', 'those that run, and those that closed within this time, such as 24h', toSince, '24h')
    .option('--limit <count>', 'at most this many, the newest first', toLimit, 1_000);

const toSince = (text: string): string => {
  if (!duration.safeParse(text).success) throw new InvalidArgumentError('It must be a duration like 24h.');
  return text;
};

const toLimit = (text: string): number => {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1) throw new InvalidArgumentError('It must be a whole number above zero.');
  return limit;
};

/** One at a time: a history may be a megabyte, and there may be thousands. */
async function* liveHistories(
  client: Client,
  since: Date,
  limit: number,
  say: (line: string) => void,
): AsyncGenerator<RecordedHistory> {
  const query = `WorkflowType IN ('${conversation}', '${desk}') AND (ExecutionStatus = 'Running' OR CloseTime >= '${since.toISOString()}')`;
  let fetched = 0;
  for await (const { workflowId, runId } of client.workflow.list({ query })) {
    if (fetched === limit) return;
    fetched += 1;
    if (fetched % 100 === 0) say(`${fetched} …`);
    yield { name: workflowId, history: await client.workflow.getHandle(workflowId, runId).fetchHistory() };
  }
}
