import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { type Change, changesIn, type Source } from './changes.ts';
import type { Delivery } from './delivery.ts';
import { createInbox, type SeenStore } from './inbox.ts';
import { schemes } from './schemes.ts';

/** HubSpot sends up to 100 events of some 300 bytes at once; a ticket with its comments is larger. */
const BODY_LIMIT = 256 * 1024;

/** What is done with what a webhook tells. */
export interface ChangeKeeper extends SeenStore {
  /** Rejects when it cannot be kept: the sender then tries again. */
  keep(change: Change): Promise<void>;
}

export type WebhookOptions = {
  /** Secrets by sender; one without any is not listened to. */
  secrets: Readonly<Record<Source, readonly string[]>>;
  /** Under which the senders know us, without a slash at the end. */
  publicUrl: string | undefined;
  keeper: ChangeKeeper;
};

const SCHEMES = { company: schemes.duradesk, zendesk: schemes.zendesk, jira: schemes.jira, hubspot: schemes.hubspot };

/**
 * `POST /v1/webhooks/:source`. 204: handled, or handled before. 401: refused, whether the source is unknown, its signature
 * wrong, or the delivery old or a replay. 503: try again.
 */
export const webhookRoute = async (app: FastifyInstance, { secrets, publicUrl, keeper }: WebhookOptions) => {
  const inboxOf = (source: Source) =>
    createInbox({ source, scheme: SCHEMES[source], secrets: secrets[source], seen: keeper });
  const inboxes = {
    company: inboxOf('company'),
    zendesk: inboxOf('zendesk'),
    jira: inboxOf('jira'),
    hubspot: inboxOf('hubspot'),
  };
  /** Costs an unknown source what a known one costs. */
  const nobody = createInbox({
    source: 'nobody',
    scheme: schemes.duradesk,
    secrets: [randomBytes(32).toString('base64')],
    seen: keeper,
  });

  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    scope.post<{ Params: { source: string } }>(
      '/v1/webhooks/:source',
      { bodyLimit: BODY_LIMIT },
      async (request, reply) => {
        const { source } = request.params;
        const known = isSource(source) ? source : null;
        const delivery: Delivery = {
          method: request.method,
          url: `${publicUrl ?? `https://${request.host}`}${request.url}`,
          headers: request.headers,
          body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
        };
        const handle = async (): Promise<void> => {
          const changes = known ? changesIn[known].safeParse(parse(delivery.body)).data : undefined;
          if (!changes) request.log.warn({ source }, 'a webhook tells of nothing that is known');
          for (const change of changes ?? []) await keeper.keep(change);
        };
        try {
          const verdict = await (known ? inboxes[known] : nobody).receive(delivery, handle);
          if (verdict === 'handled' || verdict === 'duplicate') return await reply.code(204).send();
          request.log.warn({ source: known, verdict }, 'a webhook was refused');
          return await reply.code(401).send({ error: 'refused' });
        } catch (error) {
          request.log.error({ err: error }, 'a webhook could not be kept');
          return reply.code(503).send({ error: 'unavailable' });
        }
      },
    );
  });
};

const isSource = (source: string): source is Source => Object.hasOwn(changesIn, source);

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};
