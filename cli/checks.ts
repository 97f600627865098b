import proto from '@temporalio/proto';
import type { WorkerConfig } from '../config.ts';
import { assistantQueue, conversationQueue } from '../contracts/names.ts';
import { loadPlaybook } from '../playbook.ts';
import { pendingMigrations } from '../store/migrate.ts';
import { connectCommands, ready } from '../stream/connection.ts';
import { systemChecks } from '../workers/system-checks.ts';
import { missingSearchAttributes } from './search-attributes.ts';
import { withTemporal } from './temporal.ts';

const { TASK_QUEUE_TYPE_ACTIVITY, TASK_QUEUE_TYPE_WORKFLOW } = proto.temporal.api.enums.v1.TaskQueueType;

/** Each resolves with what was found, in words, or rejects with what is wrong and what to do. Nothing is changed. */
export const checks: Record<string, (config: WorkerConfig) => Promise<string>> = {
  async playbook({ DESK_PLAYBOOK }) {
    const { playbook, articles, version } = await loadPlaybook(DESK_PLAYBOOK);
    return `${playbook.company.name}, ${articles.length} articles, version ${version}`;
  },

  async postgres({ DATABASE_URL }) {
    const pending = await pendingMigrations(DATABASE_URL).catch((error: unknown) => {
      throw new Error(`DATABASE_URL cannot be used (${reasonOf(error)}): start Postgres or correct the address`);
    });
    if (pending.length > 0) throw new Error(`the schema lacks ${pending.join(', ')}: run duradesk migrate`);
    return 'reached, the schema is up to date';
  },

  async redis({ REDIS_URL }) {
    const redis = connectCommands(REDIS_URL, () => {});
    try {
      await ready(redis);
      return 'reached';
    } finally {
      redis.disconnect();
    }
  },

  temporal: (config) =>
    withTemporal(config, async ({ workflowService }, connection) => {
      const namespace = config.TEMPORAL_NAMESPACE;
      await workflowService.describeNamespace({ namespace }).catch((error: unknown) => {
        throw new Error(
          `the namespace ${namespace} cannot be used (${reasonOf(error)}): create it or correct TEMPORAL_NAMESPACE`,
        );
      });
      const missing = await missingSearchAttributes(connection, namespace);
      if (missing.length > 0) throw new Error(`the namespace lacks ${missing.join(', ')}: run duradesk migrate`);
      return `reached, namespace ${namespace}, search attributes registered`;
    }),

  workers: (config) =>
    withTemporal(config, async ({ workflowService }) => {
      const pollers = async (name: string, taskQueueType: number) => {
        const { pollers } = await workflowService.describeTaskQueue({
          namespace: config.TEMPORAL_NAMESPACE,
          taskQueue: { name },
          taskQueueType,
        });
        return pollers?.length ?? 0;
      };
      const [conversations, assistants] = await Promise.all([
        pollers(conversationQueue, TASK_QUEUE_TYPE_WORKFLOW),
        pollers(assistantQueue, TASK_QUEUE_TYPE_ACTIVITY),
      ]);
      if (conversations === 0 || assistants === 0)
        throw new Error('no worker polls: messages are kept, nobody answers them. Start workers');
      return `${conversations} poll ${conversationQueue}, ${assistants} poll ${assistantQueue}`;
    }),

  async model({ OPENAI_BASE_URL, OPENAI_API_KEY, DESK_MODEL }) {
    const answer = await fetch(`${OPENAI_BASE_URL}/models`, {
      headers: { authorization: `Bearer ${OPENAI_API_KEY}` },
      redirect: 'manual',
      signal: AbortSignal.timeout(5_000),
    }).catch((error: unknown) => {
      throw new Error(
        `no model server answers at OPENAI_BASE_URL (${reasonOf(error)}): start it or correct the address`,
      );
    });
    await answer.body?.cancel();
    if (answer.status === 401 || answer.status === 403)
      throw new Error(`the model server refuses the key (${answer.status}): correct OPENAI_API_KEY`);
    if (answer.status >= 500)
      throw new Error(`the model server answered ${answer.status}: it is in trouble, or not what it says`);
    return `reached; whether it has ${DESK_MODEL} shows at the first turn`;
  },

  ...systemChecks,
};

const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
