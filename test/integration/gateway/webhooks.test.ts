import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createChangeKeeper } from '../../../gateway/webhooks/keeper.ts';
import type { WebhookOptions } from '../../../gateway/webhooks/route.ts';
import { signatureHeader } from '../../../integrations/signature.ts';
import { connectCommands, ready } from '../../../stream/connection.ts';
import { createHotProfiles } from '../../../stream/hot-profiles.ts';
import { startRedis, type TestRedis } from '../../redis.ts';
import { openRecord, type TestRecord } from '../company/rig.ts';
import { useGateways } from './rig.ts';

const SECRET = 'a secret of thirty-two characters';
const PUBLIC = 'https://desk.example';

const { gateway } = useGateways();
let record: TestRecord;
let server: TestRedis;
let redis: ReturnType<typeof connectCommands>;
let changes: ReturnType<typeof createChangeKeeper>;

beforeAll(async () => {
  record = await openRecord();
  server = await startRedis();
  redis = connectCommands(server.url, () => {});
  changes = createChangeKeeper({ databaseUrl: record.url, redisUrl: server.url, onTrouble: () => {} });
  await ready(redis);
});
afterAll(async () => {
  await changes.close();
  redis.disconnect();
  await server.stop();
  await record.close();
});

const open = (change: Partial<WebhookOptions> = {}) =>
  gateway({
    webhooks: {
      secrets: { company: [SECRET], zendesk: [SECRET], jira: [SECRET], hubspot: [SECRET] },
      publicUrl: PUBLIC,
      keeper: changes.keeper,
      ...change,
    },
  });

const post = (origin: string, source: string, body: string, headers: Record<string, string>) =>
  fetch(`${origin}/v1/webhooks/${source}`, { method: 'POST', body, headers });

let count = 0;
const companySigned = (body: string, at = new Date()) => ({
  'duradesk-signature': signatureHeader([SECRET], Buffer.from(body), at),
  'duradesk-delivery': `d-${++count}`,
});
const base64 = (text: string) => createHmac('sha256', SECRET).update(text).digest('base64');
const zendeskSigned = (body: string) => {
  const at = new Date().toISOString();
  return {
    'content-type': 'application/json',
    'x-zendesk-webhook-signature-timestamp': at,
    'x-zendesk-webhook-signature': base64(`${at}${body}`),
    'x-zendesk-webhook-invocation-id': `z-${++count}`,
  };
};
const hubspotSigned = (body: string) => {
  const at = String(Date.now());
  return {
    'x-hubspot-request-timestamp': at,
    'x-hubspot-signature-v3': base64(`POST${PUBLIC}/v1/webhooks/hubspot${body}${at}`),
  };
};
const jiraSigned = (body: string) => ({
  'x-hub-signature': `sha256=${createHmac('sha256', SECRET).update(body).digest('hex')}`,
  'x-atlassian-webhook-identifier': `j-${++count}`,
});

const ticket = async (system: string, ticketId: string) => {
  await record.tickets.add({ system, ticketId }, await record.conversation());
};
const changed = async () => {
  const { rows } = await sql<{ ticket: string }>`
    delete from ticket_changes returning system || ' ' || ticket_id as ticket`.execute(record.db);
  return rows.map((row) => row.ticket).sort();
};

describe('a genuine webhook', () => {
  test('of a ticket system leaves the ticket to a worker, once', async () => {
    const { origin } = await open();
    await ticket('zendesk', '12');
    await ticket('jira', 'SUP-3');
    await ticket('salesforce', '500A');
    const zendesk = JSON.stringify({ type: 'zen:event-type:ticket.comment_added', detail: { id: '12' }, event: {} });
    const headers = zendeskSigned(zendesk);
    expect((await post(origin, 'zendesk', zendesk, headers)).status).toBe(204);
    expect(await changed()).toEqual(['zendesk 12']);
    expect((await post(origin, 'zendesk', zendesk, headers)).status).toBe(204);
    expect(await changed()).toEqual([]);

    const trigger = '{"ticket_id":12}';
    const jira = JSON.stringify({ timestamp: Date.now(), webhookEvent: 'comment_created', issue: { key: 'SUP-3' } });
    const company = '{"type":"ticket.changed","system":"salesforce","ticketId":"500A"}';
    expect((await post(origin, 'zendesk', trigger, zendeskSigned(trigger))).status).toBe(204);
    expect((await post(origin, 'jira', jira, jiraSigned(jira))).status).toBe(204);
    expect((await post(origin, 'company', company, companySigned(company))).status).toBe(204);
    expect(await changed()).toEqual(['jira SUP-3', 'salesforce 500A', 'zendesk 12']);
  });

  test('of a CRM ends the hot copy of a profile', async () => {
    const { origin } = await open();
    const profiles = createHotProfiles(redis);
    await profiles.put('ada', 0, { recordId: '501', text: '"old"' });
    const events = JSON.stringify([
      { eventId: 1, subscriptionType: 'contact.propertyChange', objectId: 501, attemptNumber: 0 },
      { eventId: 2, subscriptionType: 'contact.propertyChange', objectId: 502, attemptNumber: 0 },
    ]);
    expect((await post(origin, 'hubspot', events, hubspotSigned(events))).status).toBe(204);
    const after = await profiles.get('ada');
    expect(after.text).toBeNull();
    await profiles.put('bob', 0, { recordId: null, text: '"old"' });
    const company = '{"type":"customer.changed","customerId":"bob"}';
    expect((await post(origin, 'company', company, companySigned(company))).status).toBe(204);
    expect((await profiles.get('bob')).text).toBeNull();
  });

  test('that tells of nothing known is taken, and changes nothing', async () => {
    const { origin } = await open();
    for (const body of [
      '',
      'not json',
      '[]',
      '{"ticket_id":{"a":1}}',
      '{"type":"zen:event-type:user.created","detail":{"id":"12"}}',
    ])
      expect((await post(origin, 'zendesk', body, zendeskSigned(body))).status).toBe(204);
    expect(await changed()).toEqual([]);
  });

  test('is asked for again when it could not be kept, and then handled', async () => {
    let down = true;
    const keep: typeof changes.keeper.keep = (change) =>
      down ? Promise.reject(new Error('Postgres is away')) : changes.keeper.keep(change);
    const { origin } = await open({ keeper: { ...changes.keeper, keep } });
    await ticket('zendesk', '13');
    const body = '{"ticket_id":13}';
    const headers = zendeskSigned(body);
    expect((await post(origin, 'zendesk', body, headers)).status).toBe(503);
    down = false;
    expect((await post(origin, 'zendesk', body, headers)).status).toBe(204);
    expect(await changed()).toEqual(['zendesk 13']);
  });
});

describe('a webhook that is refused', () => {
  test('gets one answer: unknown source, one without a secret, no signature, a wrong one, an old one, a replay', async () => {
    const { origin, lines } = await open({
      secrets: { company: [SECRET], zendesk: [SECRET], jira: [], hubspot: [SECRET] },
    });
    await ticket('zendesk', '14');
    const body = '{"ticket_id":14}';
    const company = '{"type":"customer.changed","customerId":"ada"}';
    const headers = companySigned(company);
    expect((await post(origin, 'company', company, headers)).status).toBe(204);
    const answers = await Promise.all([
      post(origin, 'nobody', body, zendeskSigned(body)),
      post(origin, '__proto__', body, companySigned(body)),
      post(origin, 'jira', body, jiraSigned(body)),
      post(origin, 'zendesk', body, {}),
      post(origin, 'zendesk', `${body} `, zendeskSigned(body)),
      post(origin, 'company', company, companySigned(company, new Date(Date.now() - 301_000))),
      post(origin, 'company', company, companySigned(company, new Date(Date.now() + 305_000))),
      post(origin, 'company', company, { ...headers, 'duradesk-delivery': 'another' }),
    ]);
    for (const answer of answers) expect([answer.status, await answer.text()]).toEqual([401, '{"error":"refused"}']);
    expect(await changed()).toEqual([]);
    expect(lines.join('\n')).not.toMatch(/ticket_id|customerId|thirty-two/);
  });

  test('when it is larger than any sender makes it, or no POST', async () => {
    const { origin } = await open();
    const body = 'x'.repeat(300_000);
    for (const source of ['zendesk', 'nobody'])
      expect((await post(origin, source, body, zendeskSigned(body))).status).toBe(413);
    expect((await fetch(`${origin}/v1/webhooks/zendesk`)).status).toBe(404);
  });

  test('everywhere, where no sender is configured', async () => {
    const { origin } = await gateway();
    expect((await post(origin, 'zendesk', '{}', {})).status).toBe(404);
  });
});
