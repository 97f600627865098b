import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import {
  delta,
  eventually,
  fresh,
  listen,
  newConversationId,
  readAll,
  started,
} from '../../contracts/event-log/rig.ts';
import { startRedis } from '../../redis.ts';
import { connectEnds } from './ends.ts';

test('in a cluster every script stays in one slot, and publications stay in the shard', async () => {
  const server = await startRedis(['--cluster-enabled', 'yes']);
  const admin = new Redis(server.url);
  const ends = await connectEnds(server.url, { sharded: true });
  try {
    await admin.call('CLUSTER', 'ADDSLOTSRANGE', '0', '16383');
    await eventually(async () => String(await admin.call('CLUSTER', 'INFO')).includes('cluster_state:ok'), 15_000);
    const id = newConversationId();
    const { heard, gaps, end } = await listen(ends.reader, id);
    const draft = fresh(await ends.writer.open(id, { term: 0, turn: 1 }, { once: [], always: started(1) }));
    fresh(await ends.writer.append(draft, [delta(1, 1, 0, 'a')]));
    await ends.writer.raise(id, 1);
    await eventually(() => heard.length === 2);
    expect(await readAll(ends.reader, id, { generation: draft.generation, seq: 0 })).toEqual(heard);
    expect(await admin.call('PUBSUB', 'SHARDCHANNELS')).toEqual([`{${id}}:live`]);

    await admin.call('CLIENT', 'KILL', 'TYPE', 'pubsub');
    await eventually(() => gaps.count === 1);
    fresh(await ends.writer.open(id, { term: 1, turn: 1 }, { once: [], always: started(1) }));
    await eventually(() => heard.length === 3);
    end();
    await eventually(async () => String(await admin.call('PUBSUB', 'SHARDCHANNELS')) === '');
  } finally {
    ends.close();
    admin.disconnect();
    await server.stop();
  }
});
