import { expect, test } from '@jest/globals';
import { createHubSpotCrm } from '../../../integrations/crm/hubspot.ts';
import { createOutbound } from '../../../integrations/outbound.ts';
import { type CrmRig, describeCrm } from '../../contracts/crm/suite.ts';
import { remoteFaults, remoteOutcomes } from '../../contracts/remote-faults.ts';
import { startHubSpot } from '../../fakes/hubspot.ts';
import { unreachableUrl } from '../../fakes/unreachable.ts';

const start = async () => {
  const hubspot = await startHubSpot();
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  const fields = { customerId: 'customer_id', tier: 'tier', facts: ['shoe_size', 'note'] };
  const open = (baseUrl: string, change = {}) =>
    createHubSpotCrm({ accessToken: hubspot.accessToken, fields, baseUrl, outbound, timeoutMs: 500, ...change });
  return {
    hubspot,
    open,
    crm: open(hubspot.url),
    unreachable: open(await unreachableUrl()),
    factNames: { size: 'shoe_size', note: 'note' },
    add: ({ customerId, email, first, last, language, tier, facts }) =>
      hubspot.addContact({
        customer_id: customerId,
        email,
        firstname: first,
        lastname: last,
        hs_language: language,
        tier,
        shoe_size: facts.size,
        note: facts.note,
      }),
    notes: hubspot.notes,
    fail: hubspot.faults.next,
    heal: hubspot.faults.heal,
    faults: {
      ...remoteOutcomes,
      '429': { name: 'RemoteUnavailable', outcome: 'not_sent', retryAfterMs: 2_000 },
    },
    close: async () => {
      await outbound.close();
      await hubspot.close();
    },
  } satisfies CrmRig & Record<string, unknown>;
};

describeCrm(start, remoteFaults);

test('two notes with one key at once are one: the key is unique in HubSpot', async () => {
  const rig = await start();
  const id = rig.hubspot.addContact({ email: 'ada@example.test' });
  const note = { conversationId: 'cnv_1', kind: 'summary', text: '<img src=x> & more', at: new Date() };
  const [one, two] = await Promise.all([rig.crm.addNote(id, note), rig.crm.addNote(id, note)]);
  expect(one).toBe(two);
  expect(rig.hubspot.notes()).toEqual(['&lt;img src=x> &amp; more']);
  await rig.close();
});

test('a property that is not unique is named as a matter of set-up, and a wrong token is not told', async () => {
  const rig = await start();
  const wrong = rig.open(rig.hubspot.url, { fields: { customerId: 'nickname', facts: [] } });
  await expect(wrong.find({ customerId: 'ada', email: null })).rejects.toMatchObject({
    name: 'RemoteRefused',
    message: expect.stringContaining('400 VALIDATION_ERROR'),
  });
  await expect(
    rig.open(rig.hubspot.url, { accessToken: 'hunter2' }).find({ customerId: 'a', email: null }),
  ).rejects.toThrow('HubSpot refused the request (401 INVALID_AUTHENTICATION): check its credentials');
  await rig.close();
});
