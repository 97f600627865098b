import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createTicketSync } from '../../../activities/ticket-sync.ts';
import { type TicketReply, ticketReply } from '../../../contracts/ticket-reply.ts';
import { createOutbound } from '../../../integrations/outbound.ts';
import type { Ticketing } from '../../../integrations/ticketing/ticketing.ts';
import { createZendeskTicketing } from '../../../integrations/ticketing/zendesk.ts';
import { createTicketChanges, type TicketChanges } from '../../../store/ticket-changes.ts';
import { startZendesk } from '../../fakes/zendesk.ts';
import { openRecord, type TestRecord, ticketDeskOver } from './rig.ts';

let record: TestRecord;
let zendesk: Awaited<ReturnType<typeof startZendesk>>;
let ticketing: Ticketing;
let changes: TicketChanges;
let passed: { conversationId: string; reply: TicketReply }[];
const outbound = createOutbound({ allow: ['127.0.0.1'] });

beforeAll(async () => {
  record = await openRecord();
  zendesk = await startZendesk();
  const { email, apiToken, url } = zendesk;
  ticketing = createZendeskTicketing({ baseUrl: url, email, apiToken, outbound, timeoutMs: 500 });
  changes = createTicketChanges(record.db);
});
beforeEach(() => {
  passed = [];
});
afterEach(() => zendesk.faults.heal());
afterAll(async () => {
  await outbound.close();
  await zendesk.close();
  await record.close();
});

const syncWith = (over: Partial<Parameters<typeof createTicketSync>[0]> = {}) =>
  createTicketSync({
    system: 'zendesk',
    ticketing,
    tickets: record.tickets,
    changes,
    reply: async (conversationId, reply) => passed.push({ conversationId, reply: ticketReply.parse(reply) }) > 0,
    ...over,
  });
const until = async (sync: () => Promise<boolean>) => {
  while (await sync());
};
const opened = async () => {
  const conversationId = await record.conversation();
  const desk = ticketDeskOver(ticketing, record);
  const { id } = await desk.open(
    { conversationId, owner: 'customer:ada' },
    { key: conversationId, subject: 's', text: 't' },
  );
  return { conversationId, ref: { system: 'zendesk', ticketId: id } };
};
/** As if the time between two attempts had passed. */
const dueNow = () => sql`update ticket_changes set due_at = now()`.execute(record.db);

describe('a ticket that is said to have changed', () => {
  test('passes on what people wrote for the customer, once, in order, and nothing of ours', async () => {
    const { conversationId, ref } = await opened();
    await ticketing.comment(ref.ticketId, { key: 'ours', text: 'what was said', public: true });
    zendesk.agentComments(ref.ticketId, 'We found it.');
    zendesk.agentComments(ref.ticketId, 'It comes\u202e tomorrow.');
    for (const _ of [1, 2]) {
      await changes.note(ref);
      await until(syncWith());
    }
    expect(passed.map(({ conversationId: to, reply }) => [to, reply.ticketId, reply.text])).toEqual([
      [conversationId, ref.ticketId, 'We found it.'],
      [conversationId, ref.ticketId, 'It comes tomorrow.'],
    ]);
    zendesk.agentComments(ref.ticketId, 'Here it is.');
    await changes.note(ref);
    await until(syncWith());
    expect(passed.map(({ reply }) => reply.text).slice(2)).toEqual(['Here it is.']);
  });

  test('has its status recorded', async () => {
    const { conversationId, ref } = await opened();
    await ticketing.setStatus(ref.ticketId, 'solved');
    await changes.note(ref);
    await until(syncWith());
    expect(await record.tickets.open('zendesk', conversationId)).toEqual([]);
    expect((await record.records(conversationId)).at(-1)).toBe('ticket.changed');
  });

  test('is none of ours when it was opened for nobody, or lies in another system', async () => {
    const { ref } = await opened();
    await changes.note({ system: 'zendesk', ticketId: '999999' });
    await changes.note({ ...ref, system: 'jira' });
    expect(await syncWith()()).toBe(false);
  });

  test('is read again when the system was away, or whoever read it died', async () => {
    const { ref } = await opened();
    zendesk.agentComments(ref.ticketId, 'We found it.');
    await changes.note(ref);
    zendesk.faults.every('503');
    await expect(syncWith()()).rejects.toMatchObject({ name: 'RemoteUnavailable' });
    expect(await syncWith()()).toBe(false);
    zendesk.faults.heal();
    await dueNow();
    const dying = { ...changes, delivered: () => Promise.reject(new Error('killed')) };
    await expect(syncWith({ changes: dying })()).rejects.toThrow('killed');
    await dueNow();
    await until(syncWith());
    expect(new Set(passed.map(({ reply }) => reply.commentId)).size).toBe(1);
    expect(passed).toHaveLength(2);
  });

  test('keeps a reply whose conversation does not run for the next time', async () => {
    const { ref } = await opened();
    zendesk.agentComments(ref.ticketId, 'We found it.');
    await changes.note(ref);
    await until(syncWith({ reply: async () => false }));
    expect(passed).toEqual([]);
    await changes.note(ref);
    await until(syncWith());
    expect(passed.map(({ reply }) => reply.text)).toEqual(['We found it.']);
  });

  test('a change that comes while an earlier one is read is not lost', async () => {
    const { ref } = await opened();
    await changes.note(ref);
    const slow: typeof ticketing = {
      ...ticketing,
      async comments(id) {
        const before = await ticketing.comments(id);
        zendesk.agentComments(id, 'Just now.');
        await changes.note(ref);
        return before;
      },
    };
    await syncWith({ ticketing: slow })();
    expect(passed).toEqual([]);
    await until(syncWith());
    expect(passed.map(({ reply }) => reply.text)).toEqual(['Just now.']);
  });
});
