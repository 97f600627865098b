import { describe, expect, jest, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { send, useSessionRig } from './session-rig.ts';

const rig = useSessionRig();

describe('floods', () => {
  test('over 20 frames a second: one soft error a second, nothing is read, the connection stays', async () => {
    // The clock of the buckets stands still: how busy the machine is must not refill them.
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date'],
    });
    const ann = rig().connect();
    await ann.hello();
    for (let n = 0; n < 100; n++) ann.say(send(n, 'x'.repeat(4_001)));
    const errors = ann.frames.filter((frame) => frame.type === 'error');
    expect(errors.filter((frame) => frame.code === 'rate_limited')).toEqual([
      { type: 'error', code: 'rate_limited', message: 'too many frames', retryAfterMs: expect.any(Number) },
    ]);
    expect(errors.filter((frame) => frame.code === 'invalid')).toHaveLength(39);
    expect(ann.closeCode()).toBeNull();
  });

  test.each(['frames', 'pings'])('200 %s a second: 4429 after two seconds', async (what) => {
    jest.useFakeTimers({
      doNotFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'nextTick', 'queueMicrotask', 'Date'],
    });
    const ann = rig().connect();
    await ann.hello();
    let sent = 0;
    while (ann.closeCode() === null && sent < 1_000) {
      if (what === 'frames') ann.say(send(sent, ''));
      else ann.session.onPing();
      sent += 1;
      jest.advanceTimersByTime(5);
    }
    expect(ann.closeCode()).toBe(CLOSE.tooMany);
    expect(sent).toBeGreaterThan(300);
    expect(sent).toBeLessThan(450);
  });
});
