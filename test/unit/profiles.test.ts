import { describe, expect, test } from '@jest/globals';
import { createProfiles } from '../../activities/profiles.ts';
import type { Profile } from '../../integrations/crm/crm.ts';
import { RemoteUnavailable } from '../../integrations/remote-api.ts';
import { StreamUnavailable } from '../../stream/connection.ts';

const ada: Profile = { id: '501', name: 'Ada', email: null, language: 'de', tier: 'gold', facts: {} };

const rig = () => {
  const kept = new Map<string, string>();
  const calls = { redis: 0, crm: 0 };
  const trouble: unknown[] = [];
  const state = { crm: async (): Promise<Profile | null> => ada, redis: true };
  const profiles = createProfiles({
    crm: {
      find: () => {
        calls.crm++;
        return state.crm();
      },
    },
    hot: {
      get: async (customerId) => {
        calls.redis++;
        if (!state.redis) throw new StreamUnavailable('Redis is away');
        return { version: 0, text: kept.get(customerId) ?? null };
      },
      put: async (customerId, _version, { text }) => {
        calls.redis++;
        if (!state.redis) throw new StreamUnavailable('Redis is away');
        kept.set(customerId, text);
        return true;
      },
    },
    onTrouble: (error) => trouble.push(error),
    patienceMs: 20,
  });
  return { profiles, kept, calls, trouble, state };
};

describe('the profile of a signed-in customer', () => {
  test('is one read of Redis while it is hot, and a visitor has none', async () => {
    const { profiles, calls } = rig();
    expect(await profiles.of('ada')).toEqual(ada);
    expect(calls).toEqual({ redis: 2, crm: 1 });
    expect(await profiles.of('ada')).toEqual(ada);
    expect(calls).toEqual({ redis: 3, crm: 1 });
    expect(await profiles.of(null)).toBeNull();
    expect(calls).toEqual({ redis: 3, crm: 1 });
  });

  test('of somebody whom the CRM does not know is remembered as well', async () => {
    const { profiles, calls, state } = rig();
    state.crm = async () => null;
    expect([await profiles.of('eve'), await profiles.of('eve')]).toEqual([null, null]);
    expect(calls.crm).toBe(1);
  });

  test('is not waited for; whoever asks meanwhile asks once, and the next turn has it', async () => {
    const { profiles, calls, state, kept } = rig();
    let answer = (_: Profile | null): void => {};
    state.crm = () => new Promise((resolve) => (answer = resolve));
    const from = performance.now();
    expect(await Promise.all([profiles.of('ada'), profiles.of('ada')])).toEqual([null, null]);
    expect(performance.now() - from).toBeLessThan(500);
    expect(calls.crm).toBe(1);
    answer(ada);
    for (let tries = 0; tries < 100 && !kept.has('ada'); tries++)
      await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await profiles.of('ada')).toEqual(ada);
    expect(calls.crm).toBe(1);
  });

  test('is nobody while the CRM is away, which is then left alone', async () => {
    const { profiles, calls, state, trouble } = rig();
    state.crm = async () => {
      throw new RemoteUnavailable('HubSpot failed (500)', 'not_sent');
    };
    expect([await profiles.of('ada'), await profiles.of('bob'), await profiles.of('ada')]).toEqual([null, null, null]);
    expect(calls.crm).toBe(1);
    expect(trouble).toHaveLength(1);
  });

  test('comes from the CRM while Redis is away', async () => {
    const { profiles, state } = rig();
    state.redis = false;
    expect(await profiles.of('ada')).toEqual(ada);
  });

  test('is asked for anew where another version of the code kept something else', async () => {
    const { profiles, kept, calls } = rig();
    for (const text of ['{"name":"Ada"}', 'no JSON', '[]']) {
      kept.set('ada', text);
      expect(await profiles.of('ada')).toEqual(ada);
    }
    expect(calls.crm).toBe(3);
  });
});
