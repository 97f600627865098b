import { execFile } from 'node:child_process';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Runtime } from '@temporalio/worker';
import { buildIdOf, bundleWorkflows } from '../../workers/bundle.ts';
import { startDeployment } from './deployment.ts';
import { patchedSources } from './next-version.ts';

const run = promisify(execFile);
const root = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'duradesk-rolling-'));
const bundles = {
  now: join(folder, 'now.js'),
  rebuilt: join(folder, 'rebuilt.js'),
  patched: join(folder, 'patched.js'),
};

beforeAll(async () => {
  chmodSync(folder, 0o711);
  Runtime.install({
    shutdownSignals: [],
    logger: { trace() {}, debug() {}, info() {}, warn() {}, error() {}, log() {} },
  });
  const now = await bundleWorkflows();
  writeFileSync(bundles.now, now);
  writeFileSync(bundles.rebuilt, `/* The next version, which does the same. */\n${now}`);
  writeFileSync(bundles.patched, await bundleWorkflows(patchedSources(folder)));
}, 120_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const buildId = (file: string) => buildIdOf(readFileSync(file, 'utf8'));

test('a worker of a new version takes over 200 live conversations: none lost, none doubled, none stuck', async () => {
  const desk = await startDeployment(200);
  try {
    const old = await desk.startWorker(bundles.now);
    await desk.say('message-1');
    await desk.startWorker(bundles.rebuilt);
    let leaving = Promise.resolve();
    await desk.say('message-2', () => {
      leaving = desk.stop(old);
    });
    await leaving;
    await desk.say('message-3');
    expect(await desk.said()).toBe(3 * desk.ids.length);
    expect(await desk.ends()).toEqual([{ ended: 'final', isOneReplyEach: true }]);
    const { failed, builds } = await desk.tasks();
    expect(failed).toEqual([]);
    expect(builds).toEqual(new Set([buildId(bundles.now), buildId(bundles.rebuilt)]));
  } finally {
    await desk.close();
  }
}, 240_000);

test('where workers are versioned, a patched version waits for its promotion, and then takes every conversation', async () => {
  const desk = await startDeployment(40, { DESK_DEPLOYMENT_VERSIONING: 'on' });
  const promote = async (bundle: string) => {
    const settings = { ...desk.settings, DESK_WORKFLOW_BUNDLE: bundle };
    const args = ['--import', 'tsx', join(root, 'cli/main.ts'), 'deploy', 'promote', '--json'];
    const { stdout } = await run(process.execPath, args, { env: settings, cwd: root });
    return JSON.parse(stdout);
  };
  const [before, after] = [buildId(bundles.now), buildId(bundles.patched)];
  try {
    const old = await desk.startWorker(bundles.now);
    expect(await promote(bundles.now)).toEqual({ deployment: 'duradesk', buildId: before, before: null });
    await desk.say('message-1');
    await desk.startWorker(bundles.patched);
    await desk.say('message-2');
    expect((await desk.tasks()).builds).toEqual(new Set([before]));

    let leaving: Promise<unknown> = Promise.resolve();
    await desk.say('message-3', () => {
      leaving = promote(bundles.patched).then((promoted) => {
        expect(promoted).toEqual({ deployment: 'duradesk', buildId: after, before });
        return desk.stop(old);
      });
    });
    await leaving;
    await desk.say('message-4');
    expect(await desk.said()).toBe(4 * desk.ids.length);
    expect(await desk.ends()).toEqual([{ ended: 'final', isOneReplyEach: true }]);
    const { failed, builds } = await desk.tasks();
    expect(failed).toEqual([]);
    expect(builds).toEqual(new Set([before, after]));
  } finally {
    await desk.close();
  }
}, 240_000);
