import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { createNoteActivities } from '../../../activities/notes.ts';
import { createHubSpotCrm } from '../../../integrations/crm/hubspot.ts';
import { createOutbound } from '../../../integrations/outbound.ts';
import { persist } from '../../contracts/persist.ts';
import { remoteFaults } from '../../contracts/remote-faults.ts';
import { startHubSpot } from '../../fakes/hubspot.ts';
import { openRecord, type TestRecord } from './rig.ts';

let record: TestRecord;
let hubspot: Awaited<ReturnType<typeof startHubSpot>>;
let writeNote: ReturnType<typeof createNoteActivities>['writeNote'];
const outbound = createOutbound({ allow: ['127.0.0.1'] });

beforeAll(async () => {
  record = await openRecord();
  hubspot = await startHubSpot();
  hubspot.addContact({ customer_id: 'ada', email: 'ada@example.test' });
  const fields = { customerId: 'customer_id', facts: [] };
  const { accessToken, url } = hubspot;
  const crm = createHubSpotCrm({ accessToken, fields, baseUrl: url, outbound, timeoutMs: 500 });
  writeNote = createNoteActivities({ crm, ...record }).writeNote;
});
afterEach(() => hubspot.faults.heal());
afterAll(async () => {
  await outbound.close();
  await hubspot.close();
  await record.close();
});

test('a conversation is written back once per kind', async () => {
  const conversationId = await record.conversation();
  const before = hubspot.notes().length;
  for (const _ of [1, 2, 3]) expect(await writeNote(conversationId, 'summary')).toBe('written');
  expect(await writeNote(conversationId, 'escalation')).toBe('written');
  expect(hubspot.notes().length - before).toBe(2);
  expect(hubspot.notes().at(-2)).toContain('Where is my parcel?');
});

test.each(remoteFaults.filter((fault) => !['401', '403', 'redirect'].includes(fault)))(
  '%s makes one note',
  async (fault) => {
    const conversationId = await record.conversation();
    const before = hubspot.notes().length;
    hubspot.faults.next(fault);
    const { failures } = await persist(() => writeNote(conversationId, 'summary'));
    for (const failure of failures) expect(failure).toMatchObject({ type: 'SystemUnavailable', nonRetryable: false });
    if (fault === '429') expect(failures[0]).toMatchObject({ nextRetryDelay: 2_000 });
    expect(hubspot.notes().length - before).toBe(1);
  },
);

test('a visitor and a stranger have no record to write to', async () => {
  const before = hubspot.notes().length;
  expect(await writeNote(await record.conversation('visitor:0123456789012345678901'), 'summary')).toBe('nobody');
  expect(await writeNote(await record.conversation('customer:nobody'), 'summary')).toBe('nobody');
  expect(hubspot.notes().length).toBe(before);
  hubspot.faults.next('401');
  const refused = writeNote(await record.conversation(), 'summary');
  await expect(refused).rejects.toMatchObject({ type: 'SystemRefused', nonRetryable: true });
});
