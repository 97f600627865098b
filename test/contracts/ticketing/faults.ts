import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import type { Fault } from '../../fakes/faults.ts';
import { persist } from '../persist.ts';
import type { TicketingRig } from './rig.ts';

/** F18: whatever goes wrong, there is one ticket and one comment, and the error tells what is known. */
export const describeTicketFaults = (rigOf: () => TicketingRig, faults: readonly Fault[]): void => {
  const ticket = () => ({ key: randomUUID(), subject: 'Lost', text: 'It is lost.', requester: null });

  describe.each(faults)('when the system answers a write with %s', (fault) => {
    const expectFailures = (failures: unknown[]) => {
      const expected = rigOf().faults[fault];
      if (expected === 'done') expect(failures).toEqual([]);
      else expect(failures).toEqual([expect.objectContaining(expected ?? { name: 'RemoteUnavailable' })]);
    };

    test('one ticket is opened', async () => {
      const rig = rigOf();
      const before = await rig.effects();
      const wanted = ticket();
      rig.fail(fault);
      const { result, failures } = await persist(() => rig.ticketing.open(wanted));
      expect((await rig.effects()).tickets - before.tickets).toBe(1);
      expect(await rig.ticketing.get(result.id)).toMatchObject({ id: result.id });
      expectFailures(failures);
    });

    test('one comment is added', async () => {
      const rig = rigOf();
      const { id } = await rig.ticketing.open(ticket());
      const before = await rig.effects();
      rig.fail(fault);
      const { failures } = await persist(() => rig.ticketing.comment(id, { key: 'one', text: 'one', public: true }));
      expect((await rig.effects()).comments - before.comments).toBe(1);
      expect(await rig.ticketing.comments(id)).toHaveLength(1);
      expectFailures(failures);
    });
  });

  test('one failure after another still makes one ticket and one comment', async () => {
    const rig = rigOf();
    const before = await rig.effects();
    rig.fail(...faults.filter((fault) => fault !== '401' && fault !== '403'));
    const wanted = ticket();
    const { result } = await persist(() => rig.ticketing.open(wanted));
    rig.fail(...faults.filter((fault) => fault === 'lost' || fault === 'slow' || fault === 'cut'));
    await persist(() => rig.ticketing.comment(result.id, { key: 'one', text: 'one', public: true }));
    const after = await rig.effects();
    expect([after.tickets - before.tickets, after.comments - before.comments]).toEqual([1, 1]);
  });

  if (!faults.includes('cut')) return;
  test('where nobody listens, nothing was sent', async () => {
    const { unreachable } = rigOf();
    const notSent = { name: 'RemoteUnavailable', outcome: 'not_sent' };
    await expect(unreachable?.open(ticket())).rejects.toMatchObject(notSent);
    await expect(unreachable?.find('key')).rejects.toMatchObject(notSent);
  });

  test('a proxy that answers everything with a page is no ticket system, and has no missing tickets', async () => {
    const rig = rigOf();
    const { id } = await rig.ticketing.open(ticket());
    const before = await rig.effects();
    for (const fault of ['html', 'html-404'] as const) {
      rig.failAll(fault);
      for (const call of [rig.ticketing.open(ticket()), rig.ticketing.get(id), rig.ticketing.comments(id)])
        await expect(call).rejects.toMatchObject({ name: 'RemoteUnavailable' });
      await rig.heal();
    }
    expect(await rig.effects()).toEqual(before);
  });
};
