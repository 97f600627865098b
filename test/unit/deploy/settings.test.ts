import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gatewayConfig, readConfig, workerConfig } from '../../../config.ts';
import { composeFile, interpolate, root, stages } from './compose-file.ts';

const exec = promisify(execFile);

describe('settings of the composed desk', () => {
  let folder: string;
  const draw = (env: Record<string, string> = {}) =>
    exec('sh', [join(root, 'deploy/compose/secrets.sh'), join(folder, 'stores'), join(folder, 'gateway')], {
      env: { PATH: process.env.PATH, ...env },
    });
  const drawn = async () => {
    const read = async (part: string) => {
      const names = await readdir(join(folder, part));
      return Promise.all(
        names.map(async (name) => [`${part}/${name}`, await readFile(join(folder, part, name), 'utf8')]),
      );
    };
    return Object.fromEntries([...(await read('stores')), ...(await read('gateway'))]);
  };

  /** The environment that a process of ours sees: its image, the Compose file, then the files of drawn secrets. */
  const environmentOf = async (name: 'gateway' | 'worker', host: Record<string, string>) => {
    const service = composeFile.services[name];
    const files = service?.command?.filter((word) => word.startsWith('--env-file=')) ?? [];
    const fromFiles = await Promise.all(
      files.map((file) => readFile(join(folder, basename(dirname(file)), basename(file)), 'utf8')),
    );
    const passed = Object.entries(service?.environment ?? {}).map(([key, value]) => [
      key,
      value === null ? host[key] : interpolate(value, host),
    ]);
    return {
      ...Object.assign({}, ...fromFiles.map(parseEnv)),
      ...stages[name]?.env,
      ...Object.fromEntries(passed.filter(([, value]) => value !== undefined)),
    };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'duradesk-secrets-'));
    await draw();
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test('secrets are drawn once, differ, and are long enough', async () => {
    const before = await drawn();
    await draw();
    expect(await drawn()).toEqual(before);
    const secrets = Object.entries(before).filter(([name]) => !/\.(env|conf)$/.test(name));
    expect(secrets).toHaveLength(6);
    expect(new Set(Object.values(secrets).map(([, secret]) => secret)).size).toBe(6);
    for (const [, secret] of secrets) expect(secret).toMatch(/^[\w-]{43}\n$/);
  });

  test('the worker has no key to sign sessions with', async () => {
    const { environment, volumes = [] } = composeFile.services.worker ?? {};
    expect(volumes.filter((volume) => volume.startsWith('gateway-secrets'))).toEqual([]);
    expect(Object.keys(environment ?? {}).filter((key) => key.includes('SECRET'))).toEqual([]);
    expect(await environmentOf('worker', {})).not.toHaveProperty('DESK_SECRET');
  });

  test('the gateway accepts its settings, drawn or given, and every one is a setting of its own', async () => {
    const trial = await environmentOf('gateway', {});
    const own = Object.keys(trial).filter((key) => !['NODE_ENV', 'NODE_OPTIONS'].includes(key));
    expect(Object.keys(gatewayConfig.shape)).toEqual(expect.arrayContaining(own));
    expect(readConfig(gatewayConfig, trial)).toMatchObject({
      DESK_HOST: '0.0.0.0',
      DESK_PORT: 8080,
      DESK_ORIGINS: ['http://127.0.0.1:8080', 'http://localhost:8080'],
    });

    const given = { DESK_SECRET: 'x'.repeat(32), DESK_ORIGINS: 'https://shop.example', GATEWAY_PORT: '80' };
    expect(readConfig(gatewayConfig, await environmentOf('gateway', given))).toMatchObject({
      DESK_SECRET: given.DESK_SECRET,
      DESK_ORIGINS: ['http://127.0.0.1:80', 'http://localhost:80', 'https://shop.example'],
    });
  });

  test('the worker talks to the local model unless another one is given', async () => {
    const trial = await environmentOf('worker', {});
    const own = Object.keys(trial).filter((key) => !['NODE_ENV', 'NODE_OPTIONS'].includes(key));
    expect(Object.keys(workerConfig.shape)).toEqual(expect.arrayContaining(own));
    expect(readConfig(workerConfig, trial)).toMatchObject({ OPENAI_BASE_URL: 'http://model:8000/v1' });

    await draw({ OPENAI_API_KEY: 'set' });
    const given = await environmentOf('worker', { OPENAI_API_KEY: 'sk-1' });
    expect(readConfig(workerConfig, given)).toMatchObject({
      OPENAI_API_KEY: 'sk-1',
      OPENAI_BASE_URL: 'https://api.openai.com/v1',
    });
  });
});
