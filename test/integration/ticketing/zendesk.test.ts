import { describe, expect, test } from '@jest/globals';
import { createOutbound } from '../../../integrations/outbound.ts';
import { createZendeskTicketing } from '../../../integrations/ticketing/zendesk.ts';
import { remoteFaults, remoteOutcomes } from '../../contracts/remote-faults.ts';
import type { TicketingRig } from '../../contracts/ticketing/rig.ts';
import { describeTicketing, newTicket } from '../../contracts/ticketing/suite.ts';
import { unreachableUrl } from '../../fakes/unreachable.ts';
import { startZendesk } from '../../fakes/zendesk.ts';

const start = async () => {
  const zendesk = await startZendesk();
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  const { email, apiToken, ledger, faults } = zendesk;
  const open = (baseUrl: string, token = apiToken) =>
    createZendeskTicketing({ baseUrl, email, apiToken: token, outbound, timeoutMs: 500 });
  const count = (kind: string) => ledger.filter((effect) => effect.kind === kind).length;
  return {
    zendesk,
    open,
    ticketing: open(zendesk.url),
    unreachable: open(await unreachableUrl()),
    effects: async () => ({ tickets: count('ticket'), comments: count('comment') }),
    fail: faults.next,
    failAll: faults.every,
    heal: faults.heal,
    agentComments: zendesk.agentComments,
    texts: zendesk.texts,
    faults: {
      ...remoteOutcomes,
      '429': { name: 'RemoteUnavailable', outcome: 'not_sent', retryAfterMs: 3_000 },
      '503': { name: 'RemoteUnavailable', outcome: 'unknown', retryAfterMs: 1_000 },
    },
    close: async () => {
      await outbound.close();
      await zendesk.close();
    },
  } satisfies TicketingRig & Record<string, unknown>;
};

describeTicketing(start, remoteFaults);

describe('Zendesk', () => {
  test('two that open at once get one ticket: the key goes with the request', async () => {
    const rig = await start();
    const ticket = newTicket();
    const [one, two] = await Promise.all([rig.ticketing.open(ticket), rig.ticketing.open(ticket)]);
    expect(one.id).toBe(two.id);
    expect(rig.zendesk.ledger).toHaveLength(1);
    await rig.close();
  });

  test('a closed ticket takes no more comments, and wrong credentials are named without being told', async () => {
    const rig = await start();
    const { id } = await rig.ticketing.open(newTicket());
    rig.zendesk.closeForGood(id);
    expect(await rig.ticketing.get(id)).toMatchObject({ status: 'solved' });
    await expect(rig.ticketing.comment(id, { key: 'k', text: 't', public: true })).rejects.toMatchObject({
      name: 'RemoteRefused',
      message: expect.stringContaining('422 RecordInvalid'),
    });
    const wrong = await rig
      .open(rig.zendesk.url, 'hunter2')
      .find('key')
      .catch((error: Error) => error);
    expect(wrong).toMatchObject({ message: 'Zendesk refused the request (401): check its credentials' });
    await rig.close();
  });
});
