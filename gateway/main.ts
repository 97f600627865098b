import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import closeWithGrace from 'close-with-grace';
import { pino } from 'pino';
import { ConfigError, gatewayConfig, readConfig } from '../config.ts';
import { loadPlaybook, PlaybookError } from '../playbook.ts';
import { createGateway } from './app.ts';
import consoleBacking from './console/backing.ts';
import { openIdSettings } from './console/open-id-settings.ts';
import events from './events.ts';
import temporal from './temporal.ts';
import transcripts from './transcripts.ts';
import { createChangeKeeper } from './webhooks/keeper.ts';

/** The drain lets go of everybody within 8 s; this is for the rest. */
const EXIT_MS = 10_000;

/** An address may open all it may have at once, and then a tenth of it anew each second. */
const limitsPerAddress = (connections: number) => ({
  perAddress: connections,
  arrivals: { perSecond: connections / 10, burst: connections },
});

const existing = (folder: string): string | undefined => (existsSync(folder) ? folder : undefined);

const run = async (): Promise<void> => {
  const config = readConfig(gatewayConfig);
  const { playbook } = await loadPlaybook(config.DESK_PLAYBOOK);
  const publicUrl = config.DESK_PUBLIC_URL?.replace(/\/+$/, '');
  const openId = openIdSettings(config);
  const logger = pino({ level: config.LOG_LEVEL, base: { node: config.DESK_NODE } });
  const secrets = {
    company: config.DESK_WEBHOOKS_COMPANY,
    hubspot: config.DESK_WEBHOOKS_HUBSPOT,
    jira: config.DESK_WEBHOOKS_JIRA,
    zendesk: config.DESK_WEBHOOKS_ZENDESK,
  };
  const changes = Object.values(secrets).some((each) => each.length > 0)
    ? createChangeKeeper({
        databaseUrl: config.DATABASE_URL,
        redisUrl: config.REDIS_URL,
        onTrouble: (error) => logger.warn({ reason: error.message }, 'webhooks: a connection was lost'),
      })
    : undefined;
  const app = await createGateway({
    secret: config.DESK_SECRET,
    identitySecret: config.DESK_IDENTITY_SECRET,
    origins: config.DESK_ORIGINS,
    desk: { company: playbook.company.name, assistant: playbook.assistant.name },
    webRoot: resolve('dist/page'),
    limits: limitsPerAddress(config.DESK_CONNECTIONS_PER_ADDRESS),
    logger,
    agentsConsole: { playbook, publicUrl, openId, webRoot: existing(resolve('dist/page/console')) },
    webhooks: changes && { secrets, publicUrl, keeper: changes.keeper },
    async backing(app) {
      await app.register(temporal, { address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE });
      await app.register(events, { url: config.REDIS_URL });
      await app.register(transcripts, { url: config.DATABASE_URL });
      await app.register(consoleBacking, {
        databaseUrl: config.DATABASE_URL,
        redisUrl: config.REDIS_URL,
        temporal: { address: config.TEMPORAL_ADDRESS, namespace: config.TEMPORAL_NAMESPACE },
      });
    },
  });
  app.addHook('onClose', async () => changes?.close());
  closeWithGrace({ delay: EXIT_MS, logger }, async ({ err, signal }) => {
    if (err) logger.error({ err }, 'unexpected error, leaving');
    else logger.info({ signal }, 'draining');
    await app.close();
  });
  await app.listen({ host: config.DESK_HOST, port: config.DESK_PORT });
};

try {
  await run();
} catch (error) {
  console.error(error instanceof ConfigError || error instanceof PlaybookError ? error.message : error);
  process.exitCode = 1;
}
