import { describe, expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { send, settled, useSessionRig } from './session-rig.ts';

const rig = useSessionRig();

describe('drain', () => {
  test('says goodbye, waits for what Temporal is being told, and closes with 1012', async () => {
    let answer = (): void => {};
    rig().deps.conversations.deliver = () =>
      new Promise((resolve) => {
        answer = resolve;
      });
    const ann = rig().connect();
    await ann.hello();
    ann.say(send(1));
    const drained = ann.session.drain(1_234);
    expect(ann.last('bye')).toEqual({ type: 'bye', reconnectAfterMs: 1_234 });
    ann.say(send(2));
    await settled();
    expect(ann.closeCode()).toBeNull();
    answer();
    await drained;
    expect(ann.types()).toEqual(['welcome', 'snapshot', 'bye', 'ack']);
    expect(ann.closeCode()).toBe(CLOSE.restart);
  });

  test('before hello, too', async () => {
    const ann = rig().connect();
    await ann.session.drain(0);
    expect([ann.types(), ann.closeCode()]).toEqual([['bye'], CLOSE.restart]);
  });
});
