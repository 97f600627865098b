import { describe, expect, test } from '@jest/globals';
import { createToolProviders } from '../../../integrations/tool-providers.ts';

const entry = (env: Record<string, string>) => [{ name: 'shop', mcp: { command: 'node', args: [], env } }];

/** How a playbook writes that a setting is wanted. */
const wanted = (setting: string) => `\${${setting}}`;

describe('settings that a playbook may pass on', () => {
  test.each([wanted('DESK_SECRET'), `x${wanted('DATABASE_URL')}${wanted('PATH')}`, wanted(''), wanted('constructor')])(
    '%s is refused',
    (value) => {
      expect(() =>
        createToolProviders(entry({ A: value }), { folder: '.', settings: { DATABASE_URL: 'postgres://db' } }),
      ).toThrow(/^DESK_PLAYBOOK: provider "shop" A asks for \$\{.*\}; it may have: DATABASE_URL$/);
    },
  );

  test('what is allowed or plain is taken, and nothing is started', async () => {
    const settings = { DATABASE_URL: 'postgres://db' };
    const [provider] = createToolProviders(entry({ A: `${wanted('DATABASE_URL')}?x`, B: '$5' }), {
      folder: '.',
      settings,
    });
    expect(provider?.name).toBe('shop');
    await provider?.close();
    await expect(provider?.list()).rejects.toThrow('tool provider "shop" is closed');
  });

  test('the same holds for what an API is called with', async () => {
    const api = { document: 'shop.yaml', operations: ['getOrder'] };
    const entries = (auth: { bearer: string } | { header: string; value: string }) => [
      { name: 'api', openapi: { ...api, auth } },
    ];
    const surroundings = { folder: '.', settings: { DESK_TOOL_KEY: 'key' } };
    expect(() => createToolProviders(entries({ bearer: wanted('DESK_SECRET') }), surroundings)).toThrow(
      `DESK_PLAYBOOK: provider "api" authorization asks for ${wanted('DESK_SECRET')}; it may have: DESK_TOOL_KEY`,
    );
    const [provider] = createToolProviders(entries({ header: 'X-Key', value: wanted('DESK_TOOL_KEY') }), surroundings);
    expect(provider?.name).toBe('api');
    await provider?.close();
  });
});
