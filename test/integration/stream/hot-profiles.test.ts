import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connectCommands, ready } from '../../../stream/connection.ts';
import { createHotProfiles, type HotProfiles } from '../../../stream/hot-profiles.ts';
import { startRedis, type TestRedis } from '../../redis.ts';

let server: TestRedis;
let redis: ReturnType<typeof connectCommands>;
let profiles: HotProfiles;
beforeAll(async () => {
  server = await startRedis();
  redis = connectCommands(server.url, () => {});
  await ready(redis);
  profiles = createHotProfiles(redis);
});
afterAll(async () => {
  redis.disconnect();
  await server.stop();
});

test('a copy is read again until its time is over, and no key tells whose it is', async () => {
  expect(await profiles.get('ada@example.test')).toEqual({ version: 0, text: null });
  expect(await profiles.put('ada@example.test', 0, { recordId: '501', text: '{"name":"Ada"}' })).toBe(true);
  expect(await profiles.get('ada@example.test')).toEqual({ version: 0, text: '{"name":"Ada"}' });
  const keys = await redis.keys('*');
  expect(keys).toHaveLength(2);
  for (const key of keys) {
    expect(key).not.toMatch(/ada|501/);
    expect(await redis.ttl(key)).toBeGreaterThan(0);
  }
});

test('a copy that was asked for before the change is not kept, however late it comes', async () => {
  const { version } = await profiles.get('bob');
  await profiles.changed('bob');
  expect(await profiles.put('bob', version, { recordId: null, text: '"stale"' })).toBe(false);
  const after = await profiles.get('bob');
  expect(after).toEqual({ version: 1, text: null });
  expect(await profiles.put('bob', after.version, { recordId: null, text: '"fresh"' })).toBe(true);
  expect((await profiles.get('bob')).text).toBe('"fresh"');
  expect(await profiles.put('bob', version, { recordId: null, text: '"stale"' })).toBe(false);
  expect((await profiles.get('bob')).text).toBe('"fresh"');
});

test('the CRM tells of a change by its own id, before or after the first copy was kept', async () => {
  await profiles.put('eve', 0, { recordId: '7', text: '"old"' });
  await profiles.recordChanged('7');
  expect(await profiles.get('eve')).toEqual({ version: 1, text: null });

  await profiles.recordChanged('8');
  expect(await profiles.put('zoe', 0, { recordId: '8', text: '"from before"' })).toBe(false);
  expect((await profiles.get('zoe')).text).toBeNull();
});

test('of many changes and copies at once, what is kept was asked for after the last change', async () => {
  let truth = 0;
  const change = async () => {
    truth += 1;
    await profiles.recordChanged('many');
    await profiles.changed('many');
  };
  const copy = async () => {
    const { version } = await profiles.get('many');
    const text = String(truth);
    await new Promise((resolve) => setTimeout(resolve, Math.random() * 5));
    await profiles.put('many', version, { recordId: null, text });
  };
  for (let round = 0; round < 40; round++) {
    await Promise.all([copy(), change(), copy(), copy()]);
    const { text } = await profiles.get('many');
    expect([null, String(truth)]).toContain(text);
  }
});
