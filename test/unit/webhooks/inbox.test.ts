import { describe, expect, test } from '@jest/globals';
import { createInbox, type SeenStore } from '../../../gateway/webhooks/inbox.ts';
import { schemes } from '../../../gateway/webhooks/schemes.ts';
import { signatureHeader } from '../../../integrations/signature.ts';

const secret = 'a secret of thirty-two characters';
const start = Date.parse('2026-01-01T00:00:00Z');

const rig = () => {
  const marks = new Set<string>();
  const seen: SeenStore = {
    claim: async (key) => !marks.has(key) && marks.add(key) !== undefined,
    release: async (key) => void marks.delete(key),
  };
  let time = start;
  const inbox = createInbox({
    source: 'shop',
    scheme: schemes.duradesk,
    secrets: ['new', secret],
    seen,
    now: () => new Date(time),
  });
  const deliver = (id: string | null, { text = '{}', signedAt = time, handle = async () => {} } = {}) => {
    const body = Buffer.from(text);
    const headers = {
      'duradesk-signature': signatureHeader([secret], body, new Date(signedAt)),
      ...(id === null ? {} : { 'duradesk-delivery': id }),
    };
    return inbox.receive({ method: 'POST', url: 'https://desk.example/', headers, body }, handle);
  };
  return { inbox, deliver, marks, pass: (ms: number) => (time += ms) };
};

describe('an inbox', () => {
  test('handles a delivery once; the sender trying again is a duplicate, whatever the time', async () => {
    const { deliver, pass } = rig();
    let handled = 0;
    const handle = async () => void handled++;
    expect(await deliver('d-1', { handle })).toBe('handled');
    expect(await deliver('d-1', { handle })).toBe('duplicate');
    pass(60_000);
    expect(await deliver('d-1', { handle })).toBe('duplicate');
    expect(await deliver('d-2', { handle, text: '{"n":2}' })).toBe('handled');
    expect(handled).toBe(2);
  });

  test('refuses the same bytes under another id or none, and remembers nothing of it', async () => {
    const { deliver, marks } = rig();
    await deliver('d-1', { signedAt: start });
    const before = [...marks];
    expect(await deliver('d-9', { signedAt: start })).toBe('replayed');
    expect(await deliver(null, { signedAt: start })).toBe('replayed');
    expect([...marks]).toEqual(before);
  });

  test('takes a clock that is off by 5 minutes either way, and no more', async () => {
    const { deliver } = rig();
    for (const [offset, verdict] of [
      [-300_000, 'handled'],
      [-301_000, 'stale'],
      [300_000, 'handled'],
      [301_000, 'stale'],
    ] as const)
      expect(await deliver(`d${offset}`, { signedAt: start + offset })).toBe(verdict);
  });

  test('refuses what is not signed, or has no time', async () => {
    const { inbox, marks } = rig();
    const body = Buffer.from('{}');
    const receive = (header: string) =>
      inbox.receive({ method: 'POST', url: '/', headers: { 'duradesk-signature': header }, body }, async () => {});
    expect(await receive('t=1,v1=00')).toBe('forged');
    expect(await receive(signatureHeader(['another'], body, new Date(start)))).toBe('forged');
    expect(await receive(signatureHeader([secret], body, new Date(Number.NaN)))).toBe('stale');
    expect(marks.size).toBe(0);
  });

  test('forgets a delivery whose handling failed, so that trying again helps', async () => {
    const { deliver } = rig();
    const handle = async () => {
      throw new Error('down');
    };
    await expect(deliver('d-1', { handle })).rejects.toThrow('down');
    expect(await deliver('d-1')).toBe('handled');
  });

  test('lets one of many at once through', async () => {
    const { deliver } = rig();
    const verdicts = await Promise.all([1, 2, 3, 4].map(() => deliver('d-1')));
    expect(verdicts.sort()).toEqual(['duplicate', 'duplicate', 'duplicate', 'handled']);
  });
});
