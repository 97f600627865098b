import { Client } from '@temporalio/client';
import { NativeConnection } from '@temporalio/worker';
import closeWithGrace from 'close-with-grace';
import { createActivities, createDeskWork } from '../activities/index.ts';
import { ConfigError, readConfig, toolSettings, workerConfig } from '../config.ts';
import { createToolCatalogue } from '../integrations/tool-catalogue.ts';
import { createToolProviders } from '../integrations/tool-providers.ts';
import { createReader } from '../knowledge/reader.ts';
import { createRetrieval } from '../knowledge/retrieval.ts';
import { syncKnowledge } from '../knowledge/sync.ts';
import { createVectors } from '../knowledge/vectors.ts';
import { loadPlaybook, PlaybookError } from '../playbook.ts';
import { createActions } from '../store/actions.ts';
import { createAudit } from '../store/audit.ts';
import { createConversations } from '../store/conversations.ts';
import { createDatabase } from '../store/database.ts';
import { createEffects } from '../store/effects.ts';
import { createEmbeddings } from '../store/embeddings.ts';
import { createHandoffs } from '../store/handoffs.ts';
import { createOffers } from '../store/offers.ts';
import { createOwners } from '../store/owners.ts';
import { createPassages } from '../store/passages.ts';
import { createProposals } from '../store/proposals.ts';
import { createSettlings } from '../store/settlings.ts';
import { createSteps } from '../store/steps.ts';
import { createSummaries } from '../store/summaries.ts';
import { createTranscripts } from '../store/transcripts.ts';
import { createTurns } from '../store/turns.ts';
import { createWebhookEvents } from '../store/webhook-events.ts';
import { createAgentChannel } from '../stream/agent-channel.ts';
import { connectCommands, connectSubscriber } from '../stream/connection.ts';
import { createHalts } from '../stream/halts.ts';
import { createHotProfiles } from '../stream/hot-profiles.ts';
import { createEventReader } from '../stream/reader.ts';
import { createEventWriter } from '../stream/writer.ts';
import { loadBundle } from './bundle.ts';
import { assembleCompany } from './company.ts';
import { openEmbedder } from './embedder.ts';
import { replyTo, settledTo, startErrands } from './errands.ts';
import { serveHealth } from './health.ts';
import { createLogger, temporalLogger } from './logger.ts';
import { measuredActivities, measuredEvents } from './measured.ts';
import { createWorkerMetrics } from './metrics.ts';
import { openModel } from './open-model.ts';
import { startRuntime } from './runtime.ts';
import { openSystems, systemSettings } from './systems.ts';
import { createWorkers } from './worker.ts';
import { createWorkflowMessages } from './workflow-messages.ts';

const settings = async () => {
  const config = readConfig(workerConfig);
  return { config, systems: systemSettings(config), loaded: await loadPlaybook(config.DESK_PLAYBOOK) };
};
const { config, systems, loaded } = await settings().catch((error: unknown): never => {
  console.error(error instanceof ConfigError || error instanceof PlaybookError ? error.message : error);
  process.exit(1);
});
const logger = createLogger({ level: config.LOG_LEVEL, node: config.DESK_NODE });
const core = await startRuntime(temporalLogger(logger));
const metrics = createWorkerMetrics();

const db = createDatabase(config.DATABASE_URL, (error) =>
  logger.warn({ err: error }, 'a connection to Postgres broke'),
);
const onRedisError = (error: Error) => logger.warn({ reason: error.message }, 'Redis is away');
const redis = connectCommands(config.REDIS_URL, onRedisError);
const subscriber = connectSubscriber(config.REDIS_URL, onRedisError);
const passages = createPassages(db);
await syncKnowledge(passages, loaded);
const onEmbedderTrouble = (error: unknown) =>
  logger.warn({ err: error }, 'there are no embeddings: questions are matched by their words');
const embedder = await openEmbedder(config, onEmbedderTrouble);
const vectors = createVectors(embedder, onEmbedderTrouble);
const retrieval = createRetrieval({ passages, embeddings: createEmbeddings(db), vectors });
const { playbook } = loaded;
const reader = createReader(playbook, vectors);
// Not waited for: the first start embeds the whole playbook, words serve until then, and no intent is told.
void reader.learn();
void retrieval.refresh();

const connection = await NativeConnection.connect({ address: config.TEMPORAL_ADDRESS });
const client = new Client({ connection, namespace: config.TEMPORAL_NAMESPACE });
const stopping = new AbortController();
const { outbound, ...opened } = await openSystems(systems, db);
const company = assembleCompany({
  ...opened,
  playbook,
  db,
  hot: createHotProfiles(redis),
  passages: retrieval,
  reader,
  outbound,
  target: systems.target,
  reply: replyTo(client),
  stopping: stopping.signal,
  onTrouble: (error) => logger.warn({ err: error }, "one of the company's systems is in trouble"),
});
await createWebhookEvents(db).announceTo(systems.target?.url ?? null);

const providers = [
  company.tools,
  ...createToolProviders(playbook.providers, {
    folder: config.DESK_PLAYBOOK,
    settings: toolSettings(config),
    allow: config.DESK_OUTBOUND_ALLOW,
  }),
];
const tools = createToolCatalogue(playbook.tools, providers, playbook.assistant.defaultLanguage);
// Started now, so that the first customer does not wait for the providers' processes.
await Promise.all(
  providers.map(({ name, list }) =>
    list().catch((error: unknown) => logger.warn({ provider: name, err: error }, 'a provider of tools is away')),
  ),
);
for (const tool of (await tools.policy()).missing) logger.warn(tool, 'a tool of the playbook cannot be called');

const models = openModel(config, {
  redis,
  subscriber,
  metrics,
  onAway: ({ message }) => logger.warn({ reason: message }, 'the model is asked without a queue of all workers'),
});
const messages = createWorkflowMessages(client);
const events = measuredEvents(createEventWriter(redis), metrics);
const owners = createOwners(db);
const agents = createAgentChannel(redis);
const activities = createActivities({
  loaded,
  tools,
  company: company.activities,
  profiles: company.profiles,
  passages: retrieval,
  reader,
  embedder: embedder?.name ?? null,
  model: models.model,
  events,
  log: createEventReader(redis, subscriber),
  halts: createHalts(subscriber),
  conversations: createConversations(db),
  turns: createTurns(db),
  steps: createSteps(db),
  effects: createEffects(db),
  proposals: createProposals(db),
  settlings: createSettlings(db),
  tellSettled: settledTo(client),
  actions: createActions(db),
  audit: createAudit(db),
  summaries: createSummaries(db),
  owners,
  messages,
  agents,
  transcripts: createTranscripts(db),
  handoffs: createHandoffs(db),
});
const deskActivities = createDeskWork({ loaded, events, owners, messages, agents, offers: createOffers(db) });

const workers = await createWorkers({
  connection,
  namespace: config.TEMPORAL_NAMESPACE,
  identity: config.DESK_NODE,
  bundle: await loadBundle(config.DESK_WORKFLOW_BUNDLE),
  activities: measuredActivities(activities, metrics),
  deskActivities,
  deployment: { name: config.DESK_DEPLOYMENT, versioned: config.DESK_DEPLOYMENT_VERSIONING === 'on' },
});
const health = await serveHealth({
  host: config.DESK_HOST,
  port: config.DESK_PORT,
  ready: () => workers.every((worker) => worker.getState() === 'RUNNING'),
  registry: metrics.registry,
  core,
});
await startErrands(client).catch((error: unknown) => logger.error({ err: error }, 'the errands could not be started'));
logger.info({ address: health.url, playbook: loaded.version }, 'worker started');

/** Resolves when every worker has drained and what it used is closed. */
const work = async (): Promise<void> => {
  try {
    await Promise.all(workers.map((worker) => worker.run()));
  } finally {
    await health.close();
    await tools.close();
    await outbound.close();
    await embedder?.close();
    models.close();
    redis.disconnect();
    subscriber.disconnect();
    await db.destroy();
    await connection.close();
  }
  logger.info('worker stopped');
};

const stopped = work();
// The process ends as soon as this resolves: not before the replies that stream are said to their end.
closeWithGrace({ delay: 40_000, logger: false }, async ({ err }) => {
  if (err) logger.fatal({ err }, 'worker failed');
  stopping.abort();
  for (const worker of workers) if (worker.getState() === 'RUNNING') worker.shutdown();
  await stopped;
});
await stopped;
