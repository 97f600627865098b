import { spawn } from 'node:child_process';
import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { createToolCatalogue, type ToolCatalogue } from '../../../integrations/tool-catalogue.ts';
import { createToolProviders } from '../../../integrations/tool-providers.ts';
import { loadPlaybook } from '../../../playbook.ts';
import { createFolders } from '../../folders.ts';

// Two servers of the npm registry that nothing here was written for, joined by lines in the playbook and nothing else.

const require = createRequire(import.meta.url);
const program = (name: string) => join(dirname(require.resolve(`${name}/package.json`)), 'dist/index.js');

/** It listens on all addresses and has no setting for that. */
const ON_LOOPBACK = `data:text/javascript,
  import net from 'node:net';
  const { listen } = net.Server.prototype;
  net.Server.prototype.listen = function (port, done) { return listen.call(this, { port: +port, host: '127.0.0.1' }, done); };`;

const newFolder = createFolders();
const ada = { customerId: 'cus_ada', conversationId: 'cnv_1', effectKey: 'key-1' };
let child: ReturnType<typeof spawn>;
let tools: ToolCatalogue;

const freePort = () =>
  new Promise<number>((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : 0));
    });
  });

const answering = async (url: string): Promise<void> => {
  for (const until = Date.now() + 20_000; Date.now() < until; await sleep(50))
    if (await fetch(url).catch(() => null)) return;
  throw new Error(`nobody answers at ${url}`);
};

beforeAll(async () => {
  const port = await freePort();
  const args = ['--import', ON_LOOPBACK, program('@modelcontextprotocol/server-everything'), 'streamableHttp'];
  child = spawn(process.execPath, args, { env: { PATH: process.env.PATH, PORT: String(port) }, stdio: 'ignore' });
  await answering(`http://127.0.0.1:${port}/mcp`);

  const folder = newFolder();
  cpSync('local/acme/knowledge', join(folder, 'knowledge'), { recursive: true });
  writeFileSync(join(folder, 'notice.txt'), 'The shop in Galway opens at ten.\n');
  writeFileSync(join(folder, 'private.txt'), 'not for customers\n');
  const lines = readFileSync('local/acme/playbook.yaml', 'utf8')
    .replace(
      'providers:\n',
      `providers:
  - name: files
    mcp: { command: node, args: ['${program('@modelcontextprotocol/server-filesystem')}', '${folder}'] }
  - name: everything
    mcp: { url: 'http://127.0.0.1:${port}/mcp' }
`,
    )
    .replace(
      '\ntools:\n',
      `
tools:
  - { provider: files, name: read_text_file, title: Reading the notice, use: anyone, kind: read, inject: { path: { value: notice.txt } } }
  - { provider: everything, name: get-sum, title: Adding, use: anyone, kind: read, inject: { b: { value: 40 } } }
  - { provider: everything, name: echo, title: Saying it again, use: verified, kind: read }
`,
    );
  writeFileSync(join(folder, 'playbook.yaml'), lines);

  const { playbook } = await loadPlaybook(folder);
  const providers = createToolProviders(
    playbook.providers.filter(({ name }) => name !== 'shop'),
    { folder, settings: {} },
  );
  const listed = playbook.tools.filter(({ provider }) => provider !== 'shop');
  tools = createToolCatalogue(listed, providers, playbook.assistant.defaultLanguage);
});
afterAll(async () => {
  await tools?.close();
  child?.kill('SIGKILL');
});

const call = async (name: string, args: object) => {
  const built = (await tools.policy()).buildArguments(name, JSON.stringify(args), ada);
  if (!built.ok) return built;
  return tools.call(built.tool, built.args, new AbortController().signal);
};

describe.each([
  ['stdio', 'read_text_file', 'path'],
  ['streamable HTTP', 'get-sum', 'b'],
])('a server over %s', (_transport, name, injected) => {
  test(`offers ${name}, without ${injected}, which the playbook fills in`, async () => {
    const policy = await tools.policy();
    expect(policy.missing).toEqual([]);
    const described = policy.describe(ada).find((tool) => tool.name === name);
    expect(described?.description).not.toBe('');
    expect(Object.keys(described?.parameters.properties ?? {})).not.toHaveLength(0);
    expect(JSON.stringify(described?.parameters)).not.toContain(`"${injected}"`);
    expect(await call(name, { [injected]: 'private.txt' })).toMatchObject({ ok: false, reason: 'bad_arguments' });
  });
});

test('both answer, and a visitor has only what is for anyone', async () => {
  expect(await call('read_text_file', {})).toMatchObject({
    ok: true,
    content: expect.stringContaining('The shop in Galway opens at ten.'),
  });
  expect(await call('get-sum', { a: 2 })).toMatchObject({ ok: true, content: expect.stringContaining('42') });
  expect(await call('echo', { message: 'hello' })).toMatchObject({
    ok: true,
    content: expect.stringContaining('hello'),
  });
  const visitor = (await tools.policy()).describe({ ...ada, customerId: null }).map(({ name }) => name);
  expect(visitor).toEqual(['read_text_file', 'get-sum']);
});
