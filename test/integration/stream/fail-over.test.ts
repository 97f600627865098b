import { expect, test } from '@jest/globals';
import { Redis } from 'ioredis';
import { delta, eventually, fresh, newConversationId, readAll, started } from '../../contracts/event-log/rig.ts';
import { startRedis } from '../../redis.ts';
import { connectEnds } from './ends.ts';

test('a fail-over that lost appends ends every draft and hands out no seq twice in a generation', async () => {
  const primary = await startRedis(['--repl-diskless-sync-delay', '0']);
  const replica = await startRedis(['--replicaof', '127.0.0.1', `${primary.port}`]);
  const admin = new Redis(replica.url);
  const before = await connectEnds(primary.url);
  const after = await connectEnds(replica.url);
  try {
    // The first replica to attach gives the primary a new replication id, hence the logs a new generation: attach first.
    await eventually(async () => (await admin.info('replication')).includes('master_link_status:up'), 15_000);
    const id = newConversationId();
    const fence = { term: 0, turn: 1 };
    const draft = fresh(await before.writer.open(id, fence, { once: [], always: started(1) }));
    fresh(await before.writer.append(draft, [delta(1, 1, 0, 'kept')]));
    await eventually(async () => (await after.reader.head(id))?.seq === 2);
    await expect(after.writer.append(draft, [delta(1, 1, 4, 'x')])).rejects.toThrow('READONLY');
    await eventually(() => after.commands.status !== 'ready');
    await after.reconnected();

    await admin.replicaof('NO', 'ONE');
    const lost = fresh(await before.writer.append(draft, [delta(1, 1, 4, 'lost')]));
    await before.writer.raise(id, 0);
    await primary.kill();

    // The draft that a lost raise had ended does not come back, and what was lost is not overwritten in place.
    expect(await after.writer.append(draft, [delta(1, 1, 4, 'other')])).toBe('stale');
    const next = fresh(await after.writer.open(id, fence, { once: [], always: started(1) }));
    expect(next.generation).not.toBe(draft.generation);
    fresh(await after.writer.append(next, [delta(1, 1, 0, 'a'), delta(1, 1, 1, 'b'), delta(1, 1, 2, 'c')]));
    expect(await readAll(after.reader, id, lost)).toBeNull();
    // The fence of before still stands.
    await after.writer.raise(id, 3);
    expect(await after.writer.open(id, { term: 2, turn: 9 }, { once: [], always: started(9) })).toBe('stale');
  } finally {
    admin.disconnect();
    before.close();
    after.close();
    await primary.stop();
    await replica.stop();
  }
});
