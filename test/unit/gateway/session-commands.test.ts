import { describe, expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { settled, useSessionRig } from './session-rig.ts';

const rig = useSessionRig();

describe('a decision on an action', () => {
  const decide = { type: 'decide', commandId: 'command-1', action: '1.0', argumentsHash: 'a'.repeat(64) };

  test('goes to the conversation, and what counts comes back', async () => {
    const ann = rig().connect();
    await ann.hello();
    ann.say({ ...decide, decision: 'confirm' });
    await settled();
    expect(rig().decisions).toMatchObject([{ commandId: 'command-1', action: '1.0', decision: 'confirm' }]);
    expect(ann.last('decided')).toEqual({
      type: 'decided',
      commandId: 'command-1',
      action: '1.0',
      decision: 'confirm',
    });
  });

  test('before the welcome, or for a person to make, is no frame of this protocol', async () => {
    const early = rig().connect();
    early.say({ ...decide, decision: 'confirm' });
    expect(early.closeCode()).toBe(CLOSE.protocol);
    for (const wrong of [
      { decision: 'approve' },
      { decision: 'confirm', by: 'agent' },
      { decision: 'confirm', action: 'x' },
    ]) {
      const ann = rig().connect();
      await ann.hello();
      ann.say({ ...decide, ...wrong });
      expect(ann.closeCode()).toBe(CLOSE.protocol);
    }
    expect(rig().decisions).toEqual([]);
  });
});

describe('a rating', () => {
  const rate = (score: number, commandId = 'command-1') => ({ type: 'rate', commandId, score, comment: 'so-so' });

  test('is kept once, and the first one counts', async () => {
    const ann = rig().connect();
    await ann.hello();
    ann.say(rate(4));
    await settled();
    ann.say(rate(1, 'command-2'));
    await settled();
    expect(rig().rating).toEqual({ score: 4, comment: 'so-so' });
    expect(ann.last('rated')).toEqual({ type: 'rated', commandId: 'command-2', score: 4 });
  });

  test('that nobody asked for is refused for good, and one that cannot be kept is asked for again', async () => {
    const ann = rig().connect();
    await ann.hello();
    rig().asksForRating = false;
    ann.say(rate(4));
    await settled();
    expect(ann.last('error')).toMatchObject({ code: 'expired', commandId: 'command-1' });
    rig().asksForRating = true;
    rig().isPostgresDown = true;
    ann.say(rate(4));
    await settled();
    expect(ann.last('error')).toMatchObject({ code: 'unavailable', commandId: 'command-1', retryAfterMs: 1_000 });
    rig().isPostgresDown = false;
    ann.say(rate(4));
    await settled();
    expect(ann.last('rated')).toMatchObject({ score: 4 });
  });

  test('is served one at a time, within the limit that messages have, and waited for when the node leaves', async () => {
    let keep = (): void => {};
    rig().deps.ratings.give = () =>
      new Promise((resolve) => {
        keep = () => resolve(5);
      });
    const ann = rig().connect();
    await ann.hello();
    ann.say(rate(5));
    ann.say(rate(4, 'command-2'));
    expect(ann.last('error')).toMatchObject({ code: 'rate_limited', commandId: 'command-2', retryAfterMs: 1_000 });
    const drained = ann.session.drain(0);
    await settled();
    expect(ann.closeCode()).toBeNull();
    keep();
    await drained;
    expect(ann.types().slice(-2)).toEqual(['bye', 'rated']);
  });
});
