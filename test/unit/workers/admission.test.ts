import { expect, test } from '@jest/globals';
import { createAdmission } from '../../../workers/admission.ts';

const context = {
  slotType: 'workflow',
  taskQueue: 'conversation',
  workerIdentity: 'test',
  isSticky: false,
} as Parameters<ReturnType<typeof createAdmission>['tryReserveSlot']>[0];
const slotInfo = { type: 'workflow' as const, workflowType: 'conversation', isSticky: false };

test('a worker that keeps up takes tasks to its limit, and waits for one to end', async () => {
  const slots = createAdmission(2, () => 0);
  const permits = [slots.tryReserveSlot(context), slots.tryReserveSlot(context)];
  expect(permits).toEqual([{}, {}]);
  expect(slots.tryReserveSlot(context)).toBeNull();
  const third = slots.reserveSlot(context, new AbortController().signal);
  slots.releaseSlot({ permit: {} });
  expect(await third).toEqual({});
});

test('a worker that is late takes four tasks and no fifth, until it keeps up or one has ended', async () => {
  let lag = 0;
  const slots = createAdmission(100, () => lag);
  for (let n = 0; n < 4; n++) {
    expect(slots.tryReserveSlot(context)).toEqual({});
    slots.markSlotUsed({ slotInfo, permit: {} });
  }
  lag = 1_000;
  expect(slots.tryReserveSlot(context)).toBeNull();
  slots.releaseSlot({ slotInfo, permit: {} });
  expect(slots.tryReserveSlot(context)).toEqual({});
  slots.markSlotUsed({ slotInfo, permit: {} });
  const waiting = slots.reserveSlot(context, new AbortController().signal);
  lag = 0;
  expect(await waiting).toEqual({});
});

test('a poll that is no longer wanted leaves nothing behind', async () => {
  const slots = createAdmission(1, () => 0);
  slots.tryReserveSlot(context);
  const controller = new AbortController();
  const waiting = slots.reserveSlot(context, controller.signal);
  controller.abort();
  await expect(waiting).rejects.toMatchObject({ name: 'AbortError' });
  slots.releaseSlot({ permit: {} });
  expect(slots.tryReserveSlot(context)).toEqual({});
});
