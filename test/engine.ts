import { Client, Connection } from '@temporalio/client';
import { NativeConnection, Runtime } from '@temporalio/worker';
import { createActivities, createDeskWork } from '../activities/index.ts';
import type { ActionDecision, ApprovalDecision, ApprovalTaken, Decided } from '../contracts/actions.ts';
import { customerMessageId } from '../contracts/ids.ts';
import * as names from '../contracts/names.ts';
import type { LoadedPlaybook } from '../contracts/playbook.ts';
import { createBuiltInCrm } from '../integrations/crm/built-in.ts';
import type { Embedder } from '../integrations/embeddings.ts';
import type { ChatModel } from '../integrations/model.ts';
import { createOutbound } from '../integrations/outbound.ts';
import { createBuiltInTicketing } from '../integrations/ticketing/built-in.ts';
import { createToolCatalogue } from '../integrations/tool-catalogue.ts';
import type { ToolProvider } from '../integrations/tools.ts';
import { createReader } from '../knowledge/reader.ts';
import { createRetrieval } from '../knowledge/retrieval.ts';
import { syncKnowledge } from '../knowledge/sync.ts';
import { createVectors } from '../knowledge/vectors.ts';
import { createActions } from '../store/actions.ts';
import { createAudit } from '../store/audit.ts';
import { createConsoleViews } from '../store/console-views.ts';
import { createConversations } from '../store/conversations.ts';
import { createCustomers } from '../store/customers.ts';
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
import { createTickets } from '../store/tickets.ts';
import { createTranscripts } from '../store/transcripts.ts';
import { createTurns } from '../store/turns.ts';
import { createWebhookEvents } from '../store/webhook-events.ts';
import { createAgentChannel, createConsoleChannels } from '../stream/agent-channel.ts';
import { connectCommands, connectSubscriber, ready } from '../stream/connection.ts';
import type { EventWriter } from '../stream/event-log.ts';
import { createHalts } from '../stream/halts.ts';
import { createHotProfiles } from '../stream/hot-profiles.ts';
import { createEventReader } from '../stream/reader.ts';
import { createEventWriter } from '../stream/writer.ts';
import { bundleWorkflows } from '../workers/bundle.ts';
import { assembleCompany } from '../workers/company.ts';
import { replyTo, settledTo } from '../workers/errands.ts';
import { createWorkers } from '../workers/worker.ts';
import { createWorkflowMessages } from '../workers/workflow-messages.ts';
import { freshDatabase } from './database.ts';
import { newConversation, senderOf } from './visitor.ts';

const fromSetup = (name: string): string => {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: run through npm test, which provisions the services`);
  return value;
};

let bundle: Promise<string> | undefined;

type EngineParts = {
  model: ChatModel;
  loaded: LoadedPlaybook;
  /** The playbook's providers, given the engine's database. */
  providers?: (databaseUrl: string) => Promise<ToolProvider[]>;
  /** Left out: questions are found by their words, and no intent is told. */
  embedder?: Embedder;
  /** Takes something away from what the desks do to the log. */
  deskEvents?: (events: EventWriter) => EventWriter;
  /** Where events of conversations are posted, on loopback. */
  target?: { url: string; secrets: string[] };
};

/** Workers in this process over real Temporal, Postgres and Redis, with the model and the playbook of the test. */
export const startEngine = async (parts: EngineParts) => {
  const { model, loaded, providers, embedder, target, deskEvents = (events) => events } = parts;
  const address = fromSetup('TEST_TEMPORAL_ADDRESS');
  Runtime.install({
    shutdownSignals: [],
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  });
  bundle ??= bundleWorkflows();
  const database = await freshDatabase();
  const redis = connectCommands(fromSetup('TEST_REDIS_URL'), () => {});
  const subscriber = connectSubscriber(fromSetup('TEST_REDIS_URL'), () => {});
  await Promise.all([ready(redis), ready(subscriber)]);
  const passages = createPassages(database.db);
  await syncKnowledge(passages, loaded);
  const { playbook } = loaded;
  const vectors = createVectors(embedder ?? null, (error) => {
    throw error;
  });
  const retrieval = createRetrieval({ passages, embeddings: createEmbeddings(database.db), vectors });
  const messageReader = createReader(playbook, vectors);
  await Promise.all([retrieval.refresh(), messageReader.learn()]);
  const provided = (await providers?.(database.url)) ?? [];
  const tools = createToolCatalogue(playbook.tools, provided, playbook.assistant.defaultLanguage);
  const events = createEventWriter(redis);
  const reader = createEventReader(redis, subscriber);
  const client = new Client({ connection: await Connection.connect({ address }) });
  await endAll(client);
  if (target) await createWebhookEvents(database.db).announceTo(target.url);
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  const stopping = new AbortController();
  const company = assembleCompany({
    playbook,
    passages: retrieval,
    reader: messageReader,
    outbound,
    db: database.db,
    hot: createHotProfiles(redis),
    crm: createBuiltInCrm(createCustomers(database.db)),
    ticketing: createBuiltInTicketing(createTickets(database.db)),
    system: 'built-in',
    target: target ?? null,
    reply: replyTo(client),
    stopping: stopping.signal,
    onTrouble: () => {},
  });
  const messages = createWorkflowMessages(client);
  const owners = createOwners(database.db);
  const agents = createAgentChannel(redis);
  const offers = createOffers(database.db);
  const handoffs = createHandoffs(database.db);
  const transcripts = createTranscripts(database.db);
  const activities = createActivities({
    loaded,
    company: company.activities,
    profiles: company.profiles,
    model,
    passages: retrieval,
    reader: messageReader,
    embedder: embedder?.name ?? null,
    tools,
    events,
    log: reader,
    halts: createHalts(subscriber),
    conversations: createConversations(database.db),
    turns: createTurns(database.db),
    steps: createSteps(database.db),
    effects: createEffects(database.db),
    proposals: createProposals(database.db),
    settlings: createSettlings(database.db),
    tellSettled: settledTo(client),
    actions: createActions(database.db),
    audit: createAudit(database.db),
    summaries: createSummaries(database.db),
    owners,
    messages,
    agents,
    handoffs,
    transcripts,
  });
  const connection = await NativeConnection.connect({ address });
  const deskActivities = createDeskWork({ loaded, events: deskEvents(events), owners, messages, agents, offers });
  const startWorkers = async () => {
    const workers = await createWorkers({
      connection,
      namespace: 'default',
      identity: 'test',
      bundle: (await bundle) ?? '',
      activities,
      deskActivities,
      deployment: { name: 'duradesk', versioned: false },
    });
    const running = Promise.all(workers.map((worker) => worker.run()));
    return async () => {
      for (const worker of workers) worker.shutdown();
      await running;
    };
  };
  let stopWorkers = await startWorkers();

  return {
    client,
    database,
    activities,
    events,
    owners,
    offers,
    views: createConsoleViews(database.db),
    consoles: createConsoleChannels(subscriber),
    /** The raw connection to Redis: to do to the log what a fault would. */
    redis,
    reader,
    /** What the gateway does when the customer presses stop. */
    halt: (conversationId: string, turn?: number) => events.halt(conversationId, turn),
    messages: (conversationId: string) => transcripts.messages(conversationId),

    /** Leaves a turn as a worker does that dies before Temporal hears of it: claimed, answered, written down. */
    async writtenBefore(
      conversationId: string,
      said: { clientMessageId: string; text: string; reply: string },
      turn = 1,
    ) {
      const at = new Date().toISOString();
      const owner = 'visitor:0123456789012345678901';
      await createConversations(database.db).open({ conversationId, owner, channel: 'web' }, loaded.version);
      const claim = { conversationId, term: 0, turn, generation: 'of-the-dead-worker', attempt: 1 };
      const id = customerMessageId(said.clientMessageId);
      await createTurns(database.db).claim(claim, [{ id, author: 'customer', turn, text: said.text, at }], 0);
      await createTurns(database.db).finish(claim, {
        id: `a:${turn}`,
        text: said.reply,
        end: 'final',
        sources: [],
        at,
      });
    },

    newConversation,

    send: senderOf(client),

    /** What a customer says to a card, as the gateway hands it over. */
    decide: (conversationId: string, decision: ActionDecision): Promise<Decided> =>
      client.workflow.getHandle(conversationId).executeUpdate<Decided, [ActionDecision]>(names.decideAction, {
        args: [decision],
        updateId: decision.commandId,
      }),

    /** What a person says to an action that waits for approval. */
    decideApproval: (conversationId: string, decision: ApprovalDecision): Promise<ApprovalTaken> =>
      client.workflow
        .getHandle(conversationId)
        .executeUpdate<ApprovalTaken, [ApprovalDecision]>(names.decideApproval, { args: [decision] }),

    cards: (conversationId: string) => createActions(database.db).cards(conversationId),

    /** Resolves when the turn has its reply in Postgres. */
    async ended(conversationId: string, turn: number, withinMs = 30_000) {
      for (const until = Date.now() + withinMs; Date.now() < until; ) {
        const all = await transcripts.messages(conversationId);
        const reply = all.find((message) => message.id === `a:${turn}`);
        if (reply) return reply;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      throw new Error(`turn ${turn} has no reply after ${withinMs} ms`);
    },

    /** Resolves when the workflow has nothing left to do, so that its history holds the turn. */
    async settled(conversationId: string, tasks: number) {
      for (;;) {
        const { events } = await client.workflow.getHandle(conversationId).fetchHistory();
        if ((events ?? []).filter((event) => event.workflowTaskCompletedEventAttributes).length >= tasks) return;
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
    },

    /** Other workers take over, which know nothing but what Temporal tells them; the old ones end beside them. */
    async replaceWorkers() {
      const before = stopWorkers;
      const ended = before();
      const next = await startWorkers();
      stopWorkers = async () => {
        await Promise.all([ended, next()]);
      };
    },

    async stop() {
      stopping.abort();
      await endAll(client);
      await stopWorkers();
      await client.connection.close();
      await connection.close();
      await tools.close();
      await outbound.close();
      redis.disconnect();
      subscriber.disconnect();
      await database.close();
    },
  };
};

export type Engine = Awaited<ReturnType<typeof startEngine>>;

/**
 * Workflows outlive the test that started them, and would have these workers ask a database that has never heard of them: for the
 * longest time that their activities are tried, also while a worker waits for them to stop.
 */
const endAll = async ({ workflow }: Client): Promise<void> => {
  for await (const { workflowId, runId } of workflow.list({ query: 'ExecutionStatus = "Running"' }))
    await workflow
      .getHandle(workflowId, runId)
      .terminate('its test is over')
      .catch(() => undefined);
};
