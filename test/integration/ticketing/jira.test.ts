import { describe, expect, test } from '@jest/globals';
import { createOutbound } from '../../../integrations/outbound.ts';
import { createJiraTicketing, type JiraOptions } from '../../../integrations/ticketing/jira.ts';
import { remoteFaults, remoteOutcomes } from '../../contracts/remote-faults.ts';
import type { TicketingRig } from '../../contracts/ticketing/rig.ts';
import { describeTicketing, newTicket } from '../../contracts/ticketing/suite.ts';
import { startJira } from '../../fakes/jira.ts';
import { unreachableUrl } from '../../fakes/unreachable.ts';

const statuses = { open: 'Waiting for support', pending: 'Waiting for customer', solved: 'Resolved' };

const start = async () => {
  const jira = await startJira({ lagMs: 150 });
  const outbound = createOutbound({ allow: ['127.0.0.1'] });
  const { email, apiToken, faults, ledger } = jira;
  const desk = { email, apiToken, serviceDeskId: '1', requestTypeId: '7', statuses, outbound, timeoutMs: 500 };
  const open = (baseUrl: string, change: Partial<JiraOptions> = {}) =>
    createJiraTicketing({ ...desk, baseUrl, patience: [100, 200], ...change });
  const count = (kind: string) => ledger.filter((effect) => effect.kind === kind).length;
  return {
    jira,
    open,
    ticketing: open(jira.url),
    unreachable: open(await unreachableUrl()),
    effects: async () => ({ tickets: count('request'), comments: count('comment') }),
    fail: faults.next,
    failAll: faults.every,
    heal: faults.heal,
    agentComments: jira.agentComments,
    texts: jira.texts,
    faults: {
      ...remoteOutcomes,
      '429': { name: 'RemoteUnavailable', outcome: 'not_sent', retryAfterMs: 4_000 },
      '503': { name: 'RemoteUnavailable', outcome: 'unknown', retryAfterMs: 1_000 },
    },
    close: async () => {
      await outbound.close();
      await jira.close();
    },
  } satisfies TicketingRig & Record<string, unknown>;
};

describeTicketing(start, remoteFaults);

describe('Jira', () => {
  test('a status that no transition leads to is refused by name', async () => {
    const rig = await start();
    const { id } = await rig.ticketing.open(newTicket());
    const other = rig.open(rig.jira.url, { statuses: { ...statuses, solved: 'Done' } });
    await expect(other.setStatus(id, 'solved')).rejects.toMatchObject({
      name: 'RemoteRefused',
      message: 'Jira: no transition leads to "Done"; add one to the workflow',
    });
    await rig.close();
  });

  test('text stays text: nothing in it is markup', async () => {
    const rig = await start();
    await rig.ticketing.open(newTicket({ text: '!http://evil.test/p.png! h1. {html}' }));
    expect(rig.jira.texts()[0]).toContain('"text":"!http://evil.test/p.png! h1. {html}"');
    await rig.close();
  });
});
