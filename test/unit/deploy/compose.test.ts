import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { composeFile, interpolate, root, type Service, stages } from './compose-file.ts';

const services = Object.entries(composeFile.services);
const ours = services.filter(([, service]) => service.build);
const commandOf = (service: Service) => service.command ?? stages[service.build?.target ?? '']?.command ?? [];
const version: string = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')).version;

test('docker-compose.yml is valid by the Compose Specification', () => {
  const schema = JSON.parse(readFileSync(join(import.meta.dirname, 'compose-spec.json'), 'utf8'));
  const validate = new Ajv2020({ strict: false, validateFormats: false, allErrors: true }).compile(schema);
  validate(composeFile);
  expect(validate.errors ?? []).toEqual([]);
  expect(validate({ services: { gateway: { image: 'duradesk', port: ['8080:8080'] } } })).toBe(false);
});

describe.each(services)('%s', (_name, service) => {
  test('its image has a version', () => {
    expect(service.image).toMatch(/^[a-z/-]+:\d+\.\d+[\w.-]*$/);
    if (service.build) expect(service.image.endsWith(`:${version}`)).toBe(true);
  });

  test('what it publishes is for this machine only', () => {
    for (const port of service.ports ?? []) expect(interpolate(port, {})).toMatch(/^127\.0\.0\.1:\d+:\d+$/);
  });

  test('what it waits for exists and can be waited for', () => {
    for (const [awaited, { condition }] of Object.entries(service.depends_on ?? {})) {
      const other = composeFile.services[awaited];
      if (!other) throw new Error(`no service ${awaited}`);
      const isChecked = other.healthcheck ? !other.healthcheck.disable : stages[other.build?.target ?? '']?.isChecked;
      expect(condition).toBe(isChecked ? 'service_healthy' : 'service_completed_successfully');
    }
  });

  test('its volumes are declared and its files exist', () => {
    for (const volume of service.volumes ?? []) {
      const [source = ''] = interpolate(volume, {}).split(':');
      expect(source.startsWith('.') ? existsSync(join(root, source)) : source in composeFile.volumes).toBe(true);
    }
  });
});

describe.each(ours)('%s, an image of ours', (_name, service) => {
  const stage = stages[service.build?.target ?? ''];

  test('has a target, an unprivileged user and nothing to write to', () => {
    expect(service.build?.dockerfile).toBe('deploy/Dockerfile');
    expect(stage?.user).toBe('1000:1000');
    expect(service).toMatchObject({ read_only: true, cap_drop: ['ALL'] });
  });

  test('runs a file that the build makes', () => {
    const entries = [commandOf(service), stage?.command ?? []].map((command) =>
      command.find((word) => word.startsWith('dist/')),
    );
    for (const entry of entries) {
      const source = entry?.replace(/^dist\/(.+)\.js$/, '$1.ts') ?? 'no entry';
      expect([source, existsSync(join(root, source))]).toEqual([source, true]);
    }
  });
});

test('nothing but the gateway and Temporal’s UI can be reached from outside, and the stores cannot call out', () => {
  expect(services.filter(([, { ports }]) => ports).map(([name]) => name)).toEqual(['temporal-ui', 'gateway']);
  expect(composeFile.networks.backing).toEqual({ internal: true });
  for (const name of ['postgres', 'redis', 'temporal', 'model'])
    expect(composeFile.services[name]?.networks).toEqual(['backing']);
});
