import { expect, test } from '@jest/globals';
import { setUp } from './rig.ts';

test('storage that holds something else counts as empty', () => {
  for (const held of ['', 'null', '7', '{"session":7,"conversation":[],"outbox":[null,{"text":1}]}', '{'])
    expect(setUp({ storage: { get: () => held, set() {} } }).client.state()).toMatchObject({
      conversationId: null,
      outbox: [],
    });
});
