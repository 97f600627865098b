import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDeskTools, type DeskToolDeps } from '../../../activities/desk-tools.ts';
import { type PlaybookTool, tool } from '../../../contracts/playbook-tools.ts';
import { RemoteRefused, RemoteUnavailable } from '../../../integrations/remote-api.ts';
import { createBuiltInTicketing } from '../../../integrations/ticketing/built-in.ts';
import { createToolCatalogue } from '../../../integrations/tool-catalogue.ts';
import { createToolPolicy } from '../../../integrations/tool-policy.ts';
import { createReader } from '../../../knowledge/reader.ts';
import { createVectors } from '../../../knowledge/vectors.ts';
import { createCallbacks } from '../../../store/callbacks.ts';
import { createTickets } from '../../../store/tickets.ts';
import { testPlaybook } from '../../playbook.ts';
import { ada, knownTo, openRecord, type TestRecord, ticketDeskOver } from './rig.ts';

let record: TestRecord;
let deps: DeskToolDeps;
/** A Monday; the desk is open on Mondays from 9 to 17 in UTC. */
const now = () => new Date('2026-11-23T10:00:00Z');

beforeAll(async () => {
  record = await openRecord();
  const found = { article: 'a', title: 'Returns', heading: 'How long', url: null, text: 'Sixty days.', hash: 'h' };
  deps = {
    playbook: testPlaybook().playbook,
    passages: { search: async () => ({ passages: [found], known: true }) },
    reader: createReader(
      testPlaybook().playbook,
      createVectors(null, () => {}),
    ),
    crm: knownTo,
    ticketDesk: ticketDeskOver(createBuiltInTicketing(createTickets(record.db)), record, 'built-in'),
    conversations: record.conversations,
    callbacks: createCallbacks(record.db),
    now,
  };
});
afterAll(() => record.close());

const call = async (name: string, args: object, change: Partial<DeskToolDeps> = {}, timeoutMs = 2_000) => {
  const tools = createDeskTools({ ...deps, ...change });
  const { ok, content } = await tools.call(name, { ...args }, new AbortController().signal, timeoutMs);
  return { ok, said: JSON.parse(content) };
};
const countOf = async (table: 'tickets' | 'ticket_comments' | 'callbacks') => {
  const { rows } = await sql<{ n: number }>`select count(*)::integer as n from ${sql.table(table)}`.execute(record.db);
  return rows[0]?.n;
};

const listed = (name: string, kind: 'read' | 'effect', inject: PlaybookTool['inject']): PlaybookTool =>
  tool.parse({ provider: 'desk', name, title: name, use: 'anyone', kind, inject, timeout: '2s' });

describe("the desk's own tools", () => {
  test('are offered to a playbook that lists them, and no model sees what the desk fills in', async () => {
    const wanted = [
      listed('search_knowledge', 'read', {}),
      listed('look_up_customer', 'read', { customerId: 'customer.id' }),
      ...['open_ticket', 'update_ticket', 'schedule_callback'].map((name) =>
        listed(name, 'effect', { conversationId: 'conversation.id', idempotencyKey: 'effect.key' }),
      ),
    ];
    const provider = createDeskTools(deps);
    const policy = createToolPolicy(wanted, new Map([[provider.name, await provider.list()]]));
    expect(policy.missing).toEqual([]);
    const described = JSON.stringify(policy.describe({ customerId: 'ada', conversationId: 'cnv_1' }));
    expect(described).not.toMatch(/conversationId|idempotencyKey|customerId/);
    const catalogue = createToolCatalogue(wanted.slice(0, 2), [provider], 'en');
    const built = (await catalogue.policy()).buildArguments('look_up_customer', '', {
      customerId: 'ada',
      conversationId: 'cnv_1',
      effectKey: 'key-1',
    });
    if (!built.ok) throw new Error(built.message);
    const { content } = await catalogue.call(built.tool, built.args, new AbortController().signal);
    expect(JSON.parse(content)).toMatchObject({ found: true, name: ada.name });
  });

  test('look things up', async () => {
    expect((await call('search_knowledge', { question: 'How long?' })).said.articles).toHaveLength(1);
    expect((await call('look_up_customer', { customerId: 'ada' })).said).toEqual({
      found: true,
      name: 'Ada Lovelace',
      email: 'ada@example.test',
      language: 'de',
      tier: 'gold',
      facts: { shoe_size: '44' },
    });
    expect((await call('look_up_customer', { customerId: 'eve' })).said).toEqual({ found: false });
  });

  test('open one ticket per key and update it once per key', async () => {
    const conversationId = await record.conversation();
    const before = await countOf('tickets');
    const open = { conversationId, idempotencyKey: `${conversationId}/1/0`, subject: 'Lost', text: 'It is lost.' };
    const { said } = await call('open_ticket', open);
    expect((await call('open_ticket', open)).said).toEqual(said);
    expect(await countOf('tickets')).toBe((before ?? 0) + 1);
    const update = { conversationId, idempotencyKey: `${conversationId}/1/1`, ticketId: said.ticketId, text: 'Still.' };
    for (const _ of [1, 2]) expect((await call('update_ticket', update)).ok).toBe(true);
    expect(await countOf('ticket_comments')).toBe(1);
  });

  test("another customer's ticket is none, a later conversation of the same customer's is", async () => {
    const conversationId = await record.conversation('customer:bob');
    const { said } = await call('open_ticket', { conversationId, idempotencyKey: 'bob', subject: 's', text: 't' });
    const update = { idempotencyKey: 'k', ticketId: said.ticketId, text: 'Close it.' };
    const comments = await countOf('ticket_comments');
    const attacker = await record.conversation('customer:eve');
    expect(await call('update_ticket', { ...update, conversationId: attacker })).toEqual({
      ok: false,
      said: { error: 'There is no such ticket.' },
    });
    expect(await countOf('ticket_comments')).toBe(comments);
    const later = await record.conversation('customer:bob');
    expect((await call('update_ticket', { ...update, conversationId: later })).ok).toBe(true);
  });
});

describe('a callback', () => {
  const wanted = async (at: string, change = {}) => {
    const conversationId = await record.conversation();
    const args = { conversationId, idempotencyKey: conversationId, phone: '+353 1 555 0100', at, reason: 'Boots' };
    return call('schedule_callback', { ...args, ...change });
  };

  test('is promised once, in open hours, in the time zone of the desk', async () => {
    const { playbook } = deps;
    const dublin = { ...playbook, hours: { ...playbook.hours, timezone: 'America/New_York' } };
    const conversationId = await record.conversation();
    const args = {
      conversationId,
      idempotencyKey: conversationId,
      phone: '0555 0100',
      at: '2026-11-23T09:30',
      reason: 'r',
    };
    const first = await call('schedule_callback', args, { playbook: dublin });
    expect(first).toMatchObject({ ok: true, said: { at: '2026-11-23T09:30', timeZone: 'America/New_York' } });
    expect(await call('schedule_callback', { ...args, at: '2026-11-23T16:00' }, { playbook: dublin })).toMatchObject({
      said: { callbackId: first.said.callbackId },
    });
    const { rows } = await sql<{ at: Date }>`
      select at from callbacks where conversation_id = ${conversationId}`.execute(record.db);
    expect(rows.map(({ at }) => at.toISOString())).toEqual(['2026-11-23T14:30:00.000Z']);
  });

  test.each([
    ['2026-11-23T17:00', 'Nobody is there at that time: choose another one.'],
    ['2026-11-24T10:00', 'Nobody is there at that time: choose another one.'],
    ['2026-11-23T09:59', 'That time has passed.'],
    ['2026-12-28T10:00', 'That is more than 30 days ahead.'],
    ['2026-11-31T10:00', 'at is no date of the calendar'],
    ['tomorrow', expect.stringContaining('at ')],
  ])('at %s is refused', async (at, error) => {
    const before = await countOf('callbacks');
    expect(await wanted(at)).toEqual({ ok: false, said: { error } });
    expect(await countOf('callbacks')).toBe(before);
  });

  test('needs a number that can be called', async () => {
    for (const phone of ['', 'call me', '+1<script>', '1'.repeat(40)])
      expect((await wanted('2026-11-23T11:00', { phone })).ok).toBe(false);
  });
});

describe('when a system is away', () => {
  const failing = (error: unknown): Partial<DeskToolDeps> => ({ crm: { find: () => Promise.reject(error) } });
  const look = (change: Partial<DeskToolDeps>, timeoutMs?: number) =>
    call('look_up_customer', { customerId: 'ada' }, change, timeoutMs);

  test('that is no answer, and says what is known', async () => {
    await expect(look(failing(new RemoteUnavailable('HubSpot failed (500)', 'unknown')))).rejects.toMatchObject({
      name: 'ToolUnavailable',
      outcome: 'unknown',
    });
    await expect(look({ crm: { find: () => new Promise(() => undefined) } }, 50)).rejects.toMatchObject({
      name: 'ToolUnavailable',
      message: 'no answer within 50 ms',
    });
    const refused = await look(
      failing(new RemoteRefused('HubSpot refused the request (401): check its credentials', 401)),
    );
    expect(refused).toEqual({ ok: false, said: { error: 'This cannot be done.' } });
  });

  test('an abort rejects with its own reason', async () => {
    const abort = new AbortController();
    const tools = createDeskTools({ ...deps, crm: { find: () => new Promise(() => undefined) } });
    const slow = tools.call('look_up_customer', { customerId: 'ada' }, abort.signal, 2_000);
    abort.abort(new Error('superseded'));
    await expect(slow).rejects.toThrow('superseded');
    await tools.close();
    await expect(tools.call('look_up_customer', {}, new AbortController().signal, 50)).rejects.toMatchObject({
      outcome: 'not_sent',
    });
  });
});
