import { createHmac } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Delivery } from '../../../gateway/webhooks/delivery.ts';
import { schemes } from '../../../gateway/webhooks/schemes.ts';
import { signatureHeader } from '../../../integrations/signature.ts';

const secret = 'a secret of thirty-two characters';
const body = Buffer.from('{"timestamp":1767225600000,"é":"\\u00e9"}');
const at = new Date('2026-01-01T00:00:00Z');
const mac = (...parts: (string | Buffer)[]) =>
  parts.reduce((digest, part) => digest.update(part), createHmac('sha256', secret));

const delivery = (headers: Delivery['headers'], change: Partial<Delivery> = {}): Delivery => ({
  method: 'POST',
  url: 'https://desk.example/hooks/x?y=1',
  headers,
  body,
  ...change,
});

/** Signed as each sender documents it. */
const signed = {
  duradesk: { 'duradesk-signature': signatureHeader([secret], body, at), 'duradesk-delivery': 'd-1' },
  zendesk: {
    'x-zendesk-webhook-signature-timestamp': at.toISOString(),
    'x-zendesk-webhook-signature': mac(at.toISOString(), body).digest('base64'),
    'x-zendesk-webhook-invocation-id': 'd-1',
  },
  hubspot: {
    'x-hubspot-request-timestamp': String(at.getTime()),
    'x-hubspot-signature-v3': mac('POST', 'https://desk.example/hooks/x?y=1', body, String(at.getTime())).digest(
      'base64',
    ),
  },
  jira: { 'x-hub-signature': `sha256=${mac(body).digest('hex')}`, 'x-atlassian-webhook-identifier': 'd-1' },
};
const names = ['duradesk', 'zendesk', 'hubspot', 'jira'] as const;

describe.each(names)('%s', (name) => {
  test('takes what was signed with the secret, and knows when', () => {
    const genuine = schemes[name](delivery(signed[name]), secret);
    expect(genuine).toEqual({ sentAt: at, id: name === 'hubspot' ? null : 'd-1' });
  });

  test('refuses another secret, another body, and every header that is changed, doubled or left out', () => {
    expect(schemes[name](delivery(signed[name]), 'another secret of thirty-two chars')).toBeNull();
    expect(schemes[name](delivery(signed[name], { body: Buffer.from(`${body} `) }), secret)).toBeNull();
    expect(schemes[name](delivery({}), secret)).toBeNull();
    const [header = ''] = Object.keys(signed[name]).filter(
      (key) => key.includes('signature') && !key.includes('timestamp'),
    );
    const value = new Map(Object.entries(signed[name])).get(header) ?? '';
    for (const wrong of [
      '',
      value.slice(0, -2),
      `${value}00`,
      value.replace(/[0-9]/g, '9'),
      [value, value],
      'sha256=',
      't=,v1=',
    ])
      expect(schemes[name](delivery({ ...signed[name], [header]: wrong }), secret)).toBeNull();
  });
});

test('HubSpot signs the address, and a retry of its events is the same delivery', () => {
  expect(schemes.hubspot(delivery(signed.hubspot, { url: 'https://desk.example/hooks/z' }), secret)).toBeNull();
  const ids = [0, 1].map((attemptNumber) => {
    const events = Buffer.from(JSON.stringify([{ eventId: 1, objectId: 2, attemptNumber }]));
    const signature = mac('POST', 'https://desk.example/hooks/x?y=1', events, String(at.getTime())).digest('base64');
    return schemes.hubspot(
      delivery({ ...signed.hubspot, 'x-hubspot-signature-v3': signature }, { body: events }),
      secret,
    )?.id;
  });
  expect(ids[0]).toMatch(/^[0-9a-f]{64}$/);
  expect(ids[1]).toBe(ids[0]);
});

describe('what we send', () => {
  test('has a header that is fixed for a secret, a body and a second', () => {
    const expected = createHmac('sha256', secret).update('1767225600.').update(body).digest('hex');
    expect(signatureHeader([secret], body, new Date(at.getTime() + 999))).toBe(`t=1767225600,v1=${expected}`);
  });

  test('is taken with either secret while one is replaced', () => {
    const header = signatureHeader(['the new secret', secret], body, at);
    for (const known of ['the new secret', secret])
      expect(schemes.duradesk(delivery({ 'duradesk-signature': header }), known)).toEqual({ sentAt: at, id: null });
    expect(schemes.duradesk(delivery({ 'duradesk-signature': `${header},t=1` }), secret)).toBeNull();
  });
});
