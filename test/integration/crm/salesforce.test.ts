import { expect, test } from '@jest/globals';
import { createSalesforceCrm } from '../../../integrations/crm/salesforce.ts';
import { createOutbound } from '../../../integrations/outbound.ts';
import { type CrmRig, describeCrm } from '../../contracts/crm/suite.ts';
import { remoteFaults, remoteOutcomes } from '../../contracts/remote-faults.ts';
import { startSalesforce } from '../../fakes/salesforce.ts';
import { unreachableUrl } from '../../fakes/unreachable.ts';

const fields = {
  customerId: 'Customer_Id__c',
  language: 'Language__c',
  tier: 'Tier__c',
  facts: ['Shoe_Size__c', 'Note__c'],
};

const start = async () => {
  const org = await startSalesforce();
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  const { clientId, clientSecret, refreshToken, faults } = org;
  const open = (loginUrl: string) =>
    createSalesforceCrm({ loginUrl, clientId, clientSecret, refreshToken, fields, outbound, timeoutMs: 500 });
  return {
    org,
    crm: open(org.url),
    unreachable: open(await unreachableUrl()),
    factNames: { size: 'Shoe_Size__c', note: 'Note__c' },
    add: ({ customerId, email, first, last, language, tier, facts }) =>
      org.add('Contact', {
        Customer_Id__c: customerId,
        Email: email,
        Name: `${first} ${last}`,
        Language__c: language,
        Tier__c: tier,
        Shoe_Size__c: facts.size,
        Note__c: facts.note,
      }),
    notes: () => org.rows('Task').map(({ Description }) => String(Description)),
    fail: faults.next,
    heal: faults.heal,
    faults: {
      ...remoteOutcomes,
      '401': 'done',
    },
    close: async () => {
      await outbound.close();
      await org.close();
    },
  } satisfies CrmRig & Record<string, unknown>;
};

describeCrm(start, remoteFaults);

test('an e-mail that two contacts share finds nobody', async () => {
  const rig = await start();
  for (const Name of ['Ada', 'Eve']) rig.org.add('Contact', { Name, Email: 'shared@example.test' });
  expect(await rig.crm.find({ customerId: null, email: 'shared@example.test' })).toBeNull();
  await rig.close();
});
