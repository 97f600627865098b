import { expect, jest, test } from '@jest/globals';
import { pass, started, useFollowerRig } from './follower-rig.ts';

const rig = useFollowerRig();

test('says when the conversation is closed', async () => {
  const { onClosed } = await rig().follow({ isNew: true });
  rig().log.append({ type: 'conversation.closed' });
  expect(onClosed).toHaveBeenCalledTimes(1);
});

test('after the end nothing is sent, asked or waited for', async () => {
  const { client, follower } = await rig().follow({ isNew: true });
  follower.expectReply();
  follower.stop();
  follower.expectReply();
  rig().log.append(started);
  rig().log.interrupt();
  await pass(10_000);
  expect(client.frames.length).toBe(1);
  expect(jest.getTimerCount()).toBe(0);
});
