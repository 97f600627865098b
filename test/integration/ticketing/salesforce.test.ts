import { describe, expect, test } from '@jest/globals';
import { createOutbound } from '../../../integrations/outbound.ts';
import { createSalesforceTicketing } from '../../../integrations/ticketing/salesforce-cases.ts';
import { remoteFaults, remoteOutcomes } from '../../contracts/remote-faults.ts';
import type { TicketingRig } from '../../contracts/ticketing/rig.ts';
import { describeTicketing, newTicket } from '../../contracts/ticketing/suite.ts';
import { startSalesforce } from '../../fakes/salesforce.ts';
import { unreachableUrl } from '../../fakes/unreachable.ts';

const statuses = { open: 'Working', pending: 'On Hold', solved: 'Closed' };

const start = async () => {
  const org = await startSalesforce();
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  const { clientId, clientSecret, refreshToken, faults, ledger } = org;
  const open = (loginUrl: string, token: { refreshToken?: string } = { refreshToken }) =>
    createSalesforceTicketing({ loginUrl, clientId, clientSecret, ...token, statuses, outbound, timeoutMs: 500 });
  const count = (kind: string) => ledger.filter((effect) => effect.kind === kind).length;
  return {
    org,
    open,
    ticketing: open(org.url),
    unreachable: open(await unreachableUrl()),
    effects: async () => ({ tickets: count('Case'), comments: count('CaseComment') }),
    fail: faults.next,
    failAll: faults.every,
    heal: faults.heal,
    agentComments: (id: string, text: string) => {
      org.add('CaseComment', { ParentId: id, CommentBody: text, IsPublished: true });
    },
    texts: () =>
      [...org.rows('Case'), ...org.rows('CaseComment')].map(
        (row) => `${row.Subject} ${row.Description} ${row.CommentBody}`,
      ),
    faults: {
      ...remoteOutcomes,
      // A session that ran out is renewed.
      '401': 'done',
    },
    close: async () => {
      await outbound.close();
      await org.close();
    },
  } satisfies TicketingRig & Record<string, unknown>;
};

describeTicketing(start, remoteFaults);

describe('a Salesforce session', () => {
  test('is opened once by many calls, and again by one when it ran out', async () => {
    const rig = await start();
    await Promise.all([1, 2, 3].map((n) => rig.ticketing.find(`key ${n}`)));
    expect(rig.org.signIns()).toBe(1);
    rig.org.expireTokens();
    await Promise.all([1, 2, 3].map((n) => rig.ticketing.find(`key ${n}`)));
    expect(rig.org.signIns()).toBe(2);
    await rig.close();
  });

  test('whose new token is refused as well is given up after one attempt, and tried again with the next call', async () => {
    const rig = await start();
    await rig.ticketing.find('key');
    rig.org.breakTokens();
    await expect(rig.ticketing.find('key')).rejects.toMatchObject({ name: 'RemoteRefused' });
    expect(rig.org.signIns()).toBe(2);
    await expect(rig.ticketing.find('key')).rejects.toMatchObject({ name: 'RemoteRefused' });
    expect(rig.org.signIns()).toBe(3);
    await rig.close();
  });

  test('opens with client credentials where there is no refresh token, and not with a wrong one', async () => {
    const rig = await start();
    expect(await rig.open(rig.org.url, {}).open(newTicket())).toMatchObject({ status: 'open' });
    await expect(rig.open(rig.org.url, { refreshToken: 'revoked' }).find('key')).rejects.toMatchObject({
      name: 'RemoteRefused',
      message: expect.stringContaining('400 invalid_grant'),
    });
    await rig.close();
  });
});
