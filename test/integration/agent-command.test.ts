import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createAgents } from '../../store/agents.ts';
import { freshDatabase } from '../database.ts';

const root = resolve(import.meta.dirname, '../..');
let database: Awaited<ReturnType<typeof freshDatabase>>;
beforeAll(async () => {
  database = await freshDatabase();
});
afterAll(() => database.close());

/** `duradesk agent …` with this on standard input. */
const agent = async (args: string[], input = '') => {
  const child = spawn(process.execPath, ['--import', 'tsx', join(root, 'cli/main.ts'), 'agent', ...args], {
    cwd: root,
    env: { PATH: process.env.PATH ?? '', DATABASE_URL: database.url },
  });
  child.stdin.end(input);
  const code = new Promise<number | null>((done) => child.on('close', done));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { code: await code, out, err };
};

const ann = ['--id', 'ann@shop.example', '--name', 'Ann', '--desk', 'orders', 'returns', '--language', 'en', 'de'];

test('agent add: with a password of one’s own, or one that is made; listed; never twice; never with a short password', async () => {
  expect(await agent(['add', ...ann, '--password-stdin'], 'short\n')).toMatchObject({ code: 1 });
  const added = await agent(['add', ...ann, '--role', 'supervisor', '--password-stdin'], 'correct horse battery\n');
  expect(added).toMatchObject({ code: 0, out: 'added ann@shop.example\n' });
  const again = await agent(['add', ...ann, '--json']);
  expect([again.code, JSON.parse(again.out)]).toEqual([1, { added: false }]);
  const made = JSON.parse((await agent(['add', '--id', 'bob', '--name', 'Bob', '--desk', 'orders', '--json'])).out);
  const agents = createAgents(database.db);
  expect(await agents.verify('ann@shop.example', 'correct horse battery')).toMatchObject({
    ...{ role: 'supervisor', desks: ['orders', 'returns'], languages: ['en', 'de'], capacity: 3 },
  });
  expect(await agents.verify('bob', made.password)).toMatchObject({ id: 'bob', role: 'agent' });
  expect((await agent(['list'])).out).toBe(
    'ann@shop.example  Ann  supervisor  orders, returns\nbob  Bob  agent  orders\n',
  );
  expect((await agent(['password', '--id', 'bob', '--password-stdin'], 'another long password')).code).toBe(0);
  expect(await agents.verify('bob', made.password)).toBeNull();
  expect(await agent(['add', '--id', 'a b', '--name', 'X', '--desk', 'orders'])).toMatchObject({ code: 1 });
  const audit = await database.db.selectFrom('audit').select(['action', 'subject']).orderBy('id').execute();
  expect(audit).toEqual([
    { action: 'agent.added', subject: 'ann@shop.example' },
    { action: 'agent.added', subject: 'bob' },
    { action: 'agent.password', subject: 'bob' },
  ]);
});

test('agent add --openid: no password is made, and none is right', async () => {
  const added = await agent(['add', '--id', 'oda', '--name', 'Oda', '--desk', 'orders', '--openid']);
  expect(added).toMatchObject({ code: 0, out: 'added oda\n' });
  const agents = createAgents(database.db);
  expect(await agents.signedInElsewhere('oda')).toMatchObject({ id: 'oda', desks: ['orders'] });
  expect(await agents.signedInElsewhere('bob')).toBeNull();
  const both = ['--openid', '--password-stdin'];
  expect(await agent(['add', '--id', 'x', '--name', 'X', '--desk', 'orders', ...both])).toMatchObject({ code: 1 });
});
