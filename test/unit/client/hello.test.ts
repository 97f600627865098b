import { describe, expect, test } from '@jest/globals';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { clientFrame } from '../../../contracts/frames.ts';
import { added, events, id, setUp } from './rig.ts';

describe('saying hello', () => {
  test('asks for a new conversation first, then for the same one from the last position on', async () => {
    const { greet, newest, advance, sockets } = setUp();
    await greet();
    expect(newest().frames).toEqual([{ type: 'hello', protocol: 1 }]);
    newest().deliver(events(1, added('elsewhere', 'Hi')));
    newest().closeWith(1006);
    await advance(1_000);
    newest().open();
    const position = { generation: 'generation-1', seq: 1 };
    expect(sockets).toHaveLength(2);
    expect(newest().frames).toEqual([
      { type: 'hello', protocol: 1, session: 'session-1', conversation: { id, position } },
    ]);
    expect(clientFrame.safeParse(newest().frames[0]).success).toBe(true);
  });

  test('shows who it is whenever it connects, and then needs no session', async () => {
    const tokens = ['token-1', 'token-2'];
    const { greet, newest, advance } = setUp({ identity: async () => tokens.shift() ?? '' });
    await greet();
    newest().closeWith(CLOSE.restart);
    await advance(1_000);
    newest().open();
    expect(newest().frames).toMatchObject([{ identity: 'token-2', conversation: { id } }]);
    expect(newest().frames[0]).not.toHaveProperty('session');
  });

  test('tries again later when the identity cannot be had', async () => {
    const answers = [Promise.reject(new Error('offline')), Promise.resolve('token')];
    const { client, advance, sockets } = setUp({ identity: () => answers.shift() ?? 'token' });
    await advance(0);
    expect(client.state().connection.status).toBe('waiting');
    await advance(4_000);
    expect(sockets).toHaveLength(1);
  });
});
