import { createHash } from 'node:crypto';
import { z } from 'zod';
import { type Delivery, headerOf, hmac, matches } from './delivery.ts';

/** A genuine delivery: when it was sent, and an id that is the same when the sender sends it again, if it has one. */
export type Genuine = { sentAt: Date; id: string | null };

/** How a sender signs. `null`: not signed with this secret. */
export type Scheme = (delivery: Delivery, secret: string) => Genuine | null;

const toDate = (text: string, scale: number): Date =>
  new Date(/^\d{1,16}$/.test(text) ? Number(text) * scale : Number.NaN);

/** Our own: `t=<seconds>,v1=<hex>`, one or more `v1`. The id is in `Duradesk-Delivery`. */
const duradesk: Scheme = (delivery, secret) => {
  const parts = headerOf(delivery, 'duradesk-signature')
    .split(',')
    .map((part) => part.split('=', 2));
  const valuesOf = (name: string) => parts.flatMap(([key, value]) => (key === name && value ? [value] : []));
  const [seconds = '', ...more] = valuesOf('t');
  const digest = hmac(secret, `${seconds}.`, delivery.body);
  if (more.length > 0 || !valuesOf('v1').some((value) => matches(digest, value, 'hex'))) return null;
  return { sentAt: toDate(seconds, 1_000), id: headerOf(delivery, 'duradesk-delivery') || null };
};

/** developer.zendesk.com/documentation/webhooks/verifying: base64 of HMAC-SHA256 over timestamp and body. */
const zendesk: Scheme = (delivery, secret) => {
  const timestamp = headerOf(delivery, 'x-zendesk-webhook-signature-timestamp');
  const digest = hmac(secret, timestamp, delivery.body);
  if (!matches(digest, headerOf(delivery, 'x-zendesk-webhook-signature'), 'base64')) return null;
  return { sentAt: new Date(timestamp), id: headerOf(delivery, 'x-zendesk-webhook-invocation-id') || null };
};

/**
 * developers.hubspot.com/docs/api/webhooks/validating-requests, version 3: base64 of HMAC-SHA256 over method, address,
 * body and timestamp in milliseconds. A delivery is a list of events; a retry differs in `attemptNumber` alone.
 */
const hubspot: Scheme = (delivery, secret) => {
  const timestamp = headerOf(delivery, 'x-hubspot-request-timestamp');
  const digest = hmac(secret, delivery.method, delivery.url, delivery.body, timestamp);
  if (!matches(digest, headerOf(delivery, 'x-hubspot-signature-v3'), 'base64')) return null;
  const events = hubspotEvents.safeParse(parse(delivery.body)).data;
  const id = events && createHash('sha256').update(JSON.stringify(events)).digest('hex');
  return { sentAt: toDate(timestamp, 1), id: id ?? null };
};

const hubspotEvents = z.array(z.looseObject({}).transform(({ attemptNumber: _, ...event }) => event));

const jiraEvent = z.object({ timestamp: z.int() });

/**
 * developer.atlassian.com/cloud/jira/platform/webhooks: `sha256=` and hex of HMAC-SHA256 over the body. The time is the
 * event's own, in the signed body; it is the same in a retry, so Jira's retries after 5 minutes are refused as stale.
 */
const jira: Scheme = (delivery, secret) => {
  const [algorithm, signature = ''] = headerOf(delivery, 'x-hub-signature').split('=', 2);
  if (algorithm !== 'sha256' || !matches(hmac(secret, delivery.body), signature, 'hex')) return null;
  const event = jiraEvent.safeParse(parse(delivery.body));
  return {
    sentAt: new Date(event.data?.timestamp ?? Number.NaN),
    id: headerOf(delivery, 'x-atlassian-webhook-identifier') || null,
  };
};

const parse = (body: Buffer): unknown => {
  try {
    return JSON.parse(body.toString());
  } catch {
    return undefined;
  }
};

export const schemes = { duradesk, zendesk, hubspot, jira } as const satisfies Record<string, Scheme>;
