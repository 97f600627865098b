import { readFile } from 'node:fs/promises';
import { NativeConnection, Runtime, Worker } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { createGate } from '../../activities/gate.ts';
import { createOpeningActivities } from '../../activities/opening.ts';
import { createReplyActivities } from '../../activities/reply.ts';
import { readConfig, workerConfig } from '../../config.ts';
import { createOpenAiModel } from '../../integrations/openai.ts';
import { createToolCatalogue } from '../../integrations/tool-catalogue.ts';
import { createToolProviders } from '../../integrations/tool-providers.ts';
import { createAnswerKeeper } from '../../knowledge/answer-cache/keeper.ts';
import { createReader } from '../../knowledge/reader.ts';
import { createRetrieval } from '../../knowledge/retrieval.ts';
import { createVectors } from '../../knowledge/vectors.ts';
import { loadPlaybook } from '../../playbook.ts';
import { createActions } from '../../store/actions.ts';
import { createAudit } from '../../store/audit.ts';
import { createConversations } from '../../store/conversations.ts';
import { createDatabase } from '../../store/database.ts';
import { createEffects } from '../../store/effects.ts';
import { createEmbeddings } from '../../store/embeddings.ts';
import { createOwners } from '../../store/owners.ts';
import { createPassages } from '../../store/passages.ts';
import { createProposals } from '../../store/proposals.ts';
import { createSteps } from '../../store/steps.ts';
import { createTurns } from '../../store/turns.ts';
import { connectCommands, connectSubscriber } from '../../stream/connection.ts';
import { createHalts } from '../../stream/halts.ts';
import { createEventWriter } from '../../stream/writer.ts';
import { temporalLogger } from '../../workers/logger.ts';
import { createStepActivities } from './step-per-activity.ts';

// Entry of the worker process of one variant, put together as `workers/main.ts` is. Its argument is the workflow type, which
// is its task queue too.

const variants = { stepPerActivity: createStepActivities, oneActivity: createReplyActivities };
const variant = process.argv[2];
if (variant !== 'stepPerActivity' && variant !== 'oneActivity') throw new Error('usage: worker.ts <workflow type>');

const config = readConfig(workerConfig);
const logger = pino({ level: config.LOG_LEVEL, base: { node: config.DESK_NODE } });
Runtime.install({ logger: temporalLogger(logger), shutdownSignals: [] });

const loaded = await loadPlaybook(config.DESK_PLAYBOOK);
const { playbook, version } = loaded;
const db = createDatabase(config.DATABASE_URL, (error) => logger.warn({ err: error }, 'Postgres'));
const onRedisError = (error: Error) => logger.warn({ reason: error.message }, 'Redis');
const redis = connectCommands(config.REDIS_URL, onRedisError);
const subscriber = connectSubscriber(config.REDIS_URL, onRedisError);
const providers = createToolProviders(playbook.providers, {
  folder: config.DESK_PLAYBOOK,
  settings: { DATABASE_URL: config.DATABASE_URL },
});
const tools = createToolCatalogue(playbook.tools, providers, playbook.assistant.defaultLanguage);
await tools.policy();
const ledger = { effects: createEffects(db), proposals: createProposals(db), actions: createActions(db) };
const steps = createSteps(db);
const gate = createGate({ playbook, tools, steps, audit: createAudit(db), ...ledger });
// As the rig's workers: articles are matched by their words.
const vectors = createVectors(null, () => {});
const retrieval = createRetrieval({ passages: createPassages(db), embeddings: createEmbeddings(db), vectors });
await retrieval.refresh();
const deps = {
  ...ledger,
  playbook,
  gate,
  model: createOpenAiModel({
    baseUrl: config.OPENAI_BASE_URL,
    apiKey: config.OPENAI_API_KEY,
    model: config.DESK_MODEL,
  }),
  events: createEventWriter(redis),
  halts: createHalts(subscriber),
  owners: createOwners(db),
  turns: createTurns(db),
  steps,
  passages: retrieval,
  reader: createReader(playbook, vectors),
  answers: createAnswerKeeper(loaded, null),
  profiles: { of: async () => null },
};

const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
const worker = await Worker.create({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  identity: config.DESK_NODE,
  taskQueue: variant,
  workflowBundle: { code: await readFile(config.DESK_WORKFLOW_BUNDLE ?? '', 'utf8') },
  activities: {
    ...createOpeningActivities({
      ...ledger,
      conversations: createConversations(db),
      events: deps.events,
      playbook,
      playbookVersion: version,
    }),
    ...variants[variant](deps),
  },
  // As the product's, so that none is held up where another is not.
  maxConcurrentWorkflowTaskExecutions: 1_000,
  maxConcurrentLocalActivityExecutions: 1_000,
  maxConcurrentActivityTaskExecutions: 200,
  maxCachedWorkflows: 2_000,
  stickyQueueScheduleToStartTimeout: '1 second',
});
logger.info('worker started');

closeWithGrace({ delay: 10_000, logger: false }, () => worker.shutdown());
try {
  await worker.run();
} finally {
  await tools.close();
  redis.disconnect();
  subscriber.disconnect();
  await db.destroy();
  await connection.close();
}
