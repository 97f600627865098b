import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { portableKey } from '../../../integrations/once.ts';
import type { NewTicket, TicketStatus } from '../../../integrations/ticketing/ticketing.ts';
import type { Fault } from '../../fakes/faults.ts';
import { describeTicketFaults } from './faults.ts';
import type { CreateRig, TicketingRig } from './rig.ts';

export const newTicket = (change: Partial<NewTicket> = {}): NewTicket => ({
  key: `cnv_${randomUUID()}/escalation`,
  subject: 'Parcel lost',
  text: 'Customer: where is my parcel?\nAssistant: I do not know.',
  requester: { name: 'Ada Lovelace', email: 'ada@example.test' },
  ...change,
});

/** What every ticket system's adapter must do. `faults` are those that its system can be made to have. */
export const describeTicketing = (createRig: CreateRig, faults: readonly Fault[]): void => {
  let rig: TicketingRig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterEach(() => rig.heal());
  afterAll(() => rig.close());

  describe('a ticket', () => {
    test('is opened once per key, is found by it, and is open', async () => {
      const before = await rig.effects();
      const ticket = newTicket();
      const opened = await rig.ticketing.open(ticket);
      expect(await rig.ticketing.get(opened.id)).toEqual({ ...opened, status: 'open' });
      await eventually(async () => expect(await rig.ticketing.find(ticket.key)).toMatchObject({ id: opened.id }));
      expect((await rig.ticketing.open(ticket)).id).toBe(opened.id);
      expect((await rig.ticketing.open({ ...ticket, text: 'another text' })).id).toBe(opened.id);
      expect((await rig.effects()).tickets - before.tickets).toBe(1);
    });

    test('another key is another ticket, also where the keys differ in case only', async () => {
      const before = await rig.effects();
      const key = `cnv_${randomUUID()}`;
      const lower = await rig.ticketing.open(newTicket({ key: `${key}/a` }));
      const upper = await rig.ticketing.open(newTicket({ key: `${key}/A`, requester: null }));
      expect(lower.id).not.toBe(upper.id);
      expect((await rig.effects()).tickets - before.tickets).toBe(2);
    });

    test('that does not exist is null, whatever its id looks like', async () => {
      for (const id of ['999999999', '', 'SUP-999', '../../etc', "500' OR Id != '", '500000000000000ABC'])
        expect(await rig.ticketing.get(id)).toBeNull();
      expect(await rig.ticketing.find('no such key')).toBeNull();
    });

    test('takes text of any kind and size', async () => {
      const text = `\0 \ud800 <b>&amp; ![x](http://evil.test/p.png) 😀\n\n\nend ${'é&<'.repeat(200_000)}`;
      const { id } = await rig.ticketing.open(newTicket({ text, subject: `a\n\0${'x'.repeat(5_000)}` }));
      await rig.ticketing.comment(id, { key: 'long', text, public: true });
      await rig.ticketing.comment(id, { key: 'blank', text: '\n\n', public: true });
      expect((await rig.ticketing.comments(id))[0]?.text).toMatch(/<b>&amp; !\[x\].*😀\n/);
      const stored = (await rig.texts()).join('\n');
      expect(stored).not.toMatch(/\0|\\u0000/);
      expect(stored.isWellFormed()).toBe(true);
    });

    test('has the status that it was given', async () => {
      const { id } = await rig.ticketing.open(newTicket());
      for (const status of ['pending', 'solved', 'open', 'open'] satisfies TicketStatus[]) {
        await rig.ticketing.setStatus(id, status);
        expect((await rig.ticketing.get(id))?.status).toBe(status);
      }
    });
  });

  describe('a comment', () => {
    test('is added once per key and ticket', async () => {
      const [one, two] = [await rig.ticketing.open(newTicket()), await rig.ticketing.open(newTicket())];
      const before = await rig.effects();
      const comment = { key: 'reply-1', text: 'Hello\nAda', public: true };
      const id = await rig.ticketing.comment(one.id, comment);
      expect(await rig.ticketing.comment(one.id, { ...comment, text: 'again' })).toBe(id);
      await rig.ticketing.comment(two.id, comment);
      expect((await rig.effects()).comments - before.comments).toBe(2);
      const ours = portableKey('reply-1');
      expect(await rig.ticketing.comments(one.id)).toEqual([
        { id, ours, text: 'Hello\nAda', public: true, at: expect.any(String) },
      ]);
    });

    test('is found again behind many others, in order, and internal ones stay internal', async () => {
      const { id } = await rig.ticketing.open(newTicket());
      const keys = Array.from({ length: 8 }, (_, index) => `reply-${index}`);
      for (const key of keys) await rig.ticketing.comment(id, { key, text: key, public: key !== 'reply-3' });
      const before = await rig.effects();
      for (const key of ['reply-0', 'reply-7']) await rig.ticketing.comment(id, { key, text: 'again', public: true });
      expect(await rig.effects()).toEqual(before);
      const read = await rig.ticketing.comments(id);
      expect(read.map(({ text }) => text)).toEqual(keys);
      expect(read.filter((comment) => !comment.public).map(({ text }) => text)).toEqual(['reply-3']);
    });

    test('of a person has no key, and holds nothing invisible', async () => {
      const { id } = await rig.ticketing.open(newTicket());
      await rig.agentComments(id, 'We\u202e found\u{e0041}\u200b it <b>');
      const [comment] = await rig.ticketing.comments(id);
      expect(comment).toMatchObject({ ours: null, text: 'We found it <b>', public: true });
      await rig.agentComments(id, 'x'.repeat(100_000));
      expect((await rig.ticketing.comments(id))[1]?.text.length).toBeLessThan(20_000);
    });

    test('to a ticket that does not exist is refused', async () => {
      for (const id of ['999999999', 'SUP-999', '../..', '500000000000000ABC'])
        await expect(rig.ticketing.comment(id, { key: 'k', text: 't', public: true })).rejects.toMatchObject({
          name: 'RemoteRefused',
        });
    });
  });

  describeTicketFaults(() => rig, faults);
};

/** For searches that lag. */
const eventually = async (check: () => Promise<void>): Promise<void> => {
  const end = Date.now() + 3_000;
  for (;;) {
    try {
      return await check();
    } catch (error) {
      if (Date.now() > end) throw error;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }
};
