import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { createTicketActivities } from '../../../activities/tickets.ts';
import { createOutbound } from '../../../integrations/outbound.ts';
import type { Ticketing } from '../../../integrations/ticketing/ticketing.ts';
import { createZendeskTicketing } from '../../../integrations/ticketing/zendesk.ts';
import { persist } from '../../contracts/persist.ts';
import { remoteFaults } from '../../contracts/remote-faults.ts';
import { startZendesk } from '../../fakes/zendesk.ts';
import { openRecord, type TestRecord, ticketDeskOver } from './rig.ts';

let record: TestRecord;
let zendesk: Awaited<ReturnType<typeof startZendesk>>;
let ticketing: Ticketing;
const outbound = createOutbound({ allow: ['127.0.0.1'] });

beforeAll(async () => {
  record = await openRecord();
  zendesk = await startZendesk();
  const { email, apiToken, url } = zendesk;
  ticketing = createZendeskTicketing({ baseUrl: url, email, apiToken, outbound, timeoutMs: 500 });
});
afterEach(() => zendesk.faults.heal());
afterAll(async () => {
  await outbound.close();
  await zendesk.close();
  await record.close();
});

const activitiesOver = (over: Ticketing) =>
  createTicketActivities({
    ticketDesk: ticketDeskOver(over, record),
    conversations: record.conversations,
    transcripts: record.transcripts,
    analyse: () => ['Language: en'],
  });
const count = (kind: string) => zendesk.ledger.filter((effect) => effect.kind === kind).length;

describe('a ticket of a conversation', () => {
  test('is opened once per reason, with what was said, and is recorded as its own', async () => {
    const conversationId = await record.conversation();
    const activities = activitiesOver(ticketing);
    const before = count('ticket');
    const ticketId = await activities.openTicket(conversationId, 'escalation');
    expect(await activities.openTicket(conversationId, 'escalation')).toBe(ticketId);
    expect(await activities.openTicket(conversationId, 'unresolved')).not.toBe(ticketId);
    expect(count('ticket') - before).toBe(2);
    const text = zendesk.texts().find((one) => one.includes(conversationId)) ?? '';
    for (const part of [
      'Reason: escalation',
      'Customer: ada',
      'Language: en',
      'Customer: Where is my parcel?',
      'Assistant: I do not know.',
    ])
      expect(text).toContain(part);
    expect((await record.records(conversationId)).filter((type) => type === 'ticket.opened')).toHaveLength(2);
    expect(await record.tickets.open('zendesk', conversationId)).toContain(ticketId);
  });

  test.each(remoteFaults.filter((fault) => !['401', '403', 'redirect'].includes(fault)))(
    'is one, whatever is tried, when the system answers with %s',
    async (fault) => {
      const conversationId = await record.conversation();
      const activities = activitiesOver(ticketing);
      const before = { tickets: count('ticket'), comments: count('comment') };
      zendesk.faults.next(fault);
      const { failures } = await persist(() => activities.openTicket(conversationId, 'escalation'));
      for (const failure of failures) expect(failure).toMatchObject({ type: 'SystemUnavailable', nonRetryable: false });
      zendesk.faults.next(fault);
      await persist(() => activities.updateTicket(conversationId, 1));
      await persist(() => activities.updateTicket(conversationId, 1));
      expect(count('ticket') - before.tickets).toBe(1);
      expect(count('comment') - before.comments).toBe(1);
    },
  );

  test('is one when its worker dies after it was opened, twice', async () => {
    const conversationId = await record.conversation();
    const before = count('ticket');
    const dying = { ...record, tickets: { ...record.tickets, add: () => Promise.reject(new Error('killed')) } };
    const { openTicket } = createTicketActivities({
      ticketDesk: ticketDeskOver(ticketing, dying),
      conversations: record.conversations,
      transcripts: record.transcripts,
      analyse: () => [],
    });
    for (const _ of [1, 2]) await expect(openTicket(conversationId, 'escalation')).rejects.toThrow('killed');
    const ticketId = await activitiesOver(ticketing).openTicket(conversationId, 'escalation');
    expect(count('ticket') - before).toBe(1);
    expect(await record.tickets.open('zendesk', conversationId)).toEqual([ticketId]);
  });

  test('wrong credentials are no matter of trying again', async () => {
    const conversationId = await record.conversation();
    zendesk.faults.next('401');
    await expect(activitiesOver(ticketing).openTicket(conversationId, 'escalation')).rejects.toMatchObject({
      type: 'SystemRefused',
      nonRetryable: true,
      message: expect.stringContaining('check its credentials'),
    });
  });

  test('is solved with its conversation, and a solved one is told no more', async () => {
    const conversationId = await record.conversation();
    const activities = activitiesOver(ticketing);
    const ticketId = await activities.openTicket(conversationId, 'escalation');
    await activities.setTicketStatus(conversationId, 'solved');
    expect(await ticketing.get(ticketId)).toMatchObject({ status: 'solved' });
    expect(await activities.updateTicket(conversationId, 1)).toBe(0);
    expect((await record.records(conversationId)).at(-1)).toBe('ticket.changed');
  });
});
