import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { Crm } from '../../../integrations/crm/crm.ts';
import type { Fault } from '../../fakes/faults.ts';
import { persist } from '../persist.ts';
import type { Expected } from '../ticketing/rig.ts';

export type Person = {
  customerId: string | null;
  email: string;
  first: string;
  last: string;
  language: string;
  tier: string;
  facts: { size: string; note: string };
};

/** An adapter and the system behind it. It is set up with two facts, whose names differ from system to system. */
export type CrmRig = {
  crm: Crm;
  /** The same adapter, set up with an address where nobody listens. */
  unreachable?: Crm;
  factNames: { size: string; note: string };
  /** Adds a customer; its id in the system. */
  add: (person: Person) => Promise<string> | string;
  /** Texts of all notes, as stored. */
  notes: () => Promise<string[]> | string[];
  fail: (...faults: Fault[]) => void;
  faults: Partial<Record<Fault, Expected>>;
  heal: () => void;
  close: () => Promise<void>;
};

const person = (change: Partial<Person> = {}): Person => {
  const id = randomUUID();
  const facts = { size: '44', note: 'likes boots' };
  return {
    customerId: id,
    email: `${id}@example.test`,
    first: 'Ada',
    last: 'Lovelace',
    language: 'de',
    tier: 'gold',
    facts,
    ...change,
  };
};
const note = (kind = 'summary') => ({
  conversationId: `cnv_${randomUUID()}`,
  kind,
  text: 'Asked for <b>boots</b> & got them.',
  at: new Date('2026-03-01T10:00:00Z'),
});

/** What every CRM's adapter must do. `faults` are those that its system can be made to have. */
export const describeCrm = (createRig: () => Promise<CrmRig>, faults: readonly Fault[]): void => {
  let rig: CrmRig;
  beforeAll(async () => {
    rig = await createRig();
  });
  afterEach(() => rig.heal());
  afterAll(() => rig.close());

  describe('a customer', () => {
    test('is found by id, else by e-mail, with a profile', async () => {
      const ada = person();
      const id = await rig.add(ada);
      const profile = {
        id,
        name: 'Ada Lovelace',
        email: ada.email,
        language: 'de',
        tier: 'gold',
        facts: { [rig.factNames.size]: '44', [rig.factNames.note]: 'likes boots' },
      };
      expect(await rig.crm.find({ customerId: ada.customerId, email: null })).toEqual(profile);
      expect(await rig.crm.find({ customerId: ada.customerId, email: 'other@example.test' })).toEqual(profile);
      expect(await rig.crm.find({ customerId: 'unknown', email: ada.email })).toEqual(profile);
      expect(await rig.crm.find({ customerId: null, email: ada.email })).toEqual(profile);
    });

    test('whom nobody knows is null, and no value is read as a query', async () => {
      await rig.add(person({ customerId: 'plain', email: 'plain@example.test' }));
      for (const value of ['nobody', "' OR Id != '", "\\' OR Id != \\'", 'x\\', '../contacts', '%', '*'])
        expect(await rig.crm.find({ customerId: value, email: value })).toBeNull();
      expect(await rig.crm.find({ customerId: null, email: null })).toBeNull();
    });

    test('is found whatever the characters of the id', async () => {
      for (const customerId of ["O'Brien\\", 'a/b?c=d&e', 'ünïcode 名']) {
        await rig.add(person({ customerId }));
        expect(await rig.crm.find({ customerId, email: null })).toMatchObject({ tier: 'gold' });
      }
    });

    test('has a profile that is visible, capped and a language tag', async () => {
      const hostile = 'x\u202e\u{e0041}\u200by\n\n';
      const ada = person({
        first: hostile,
        last: 'L'.repeat(5_000),
        language: 'pt_br',
        tier: hostile,
        facts: { size: '', note: `${hostile}${'z'.repeat(100_000)}` },
      });
      await rig.add(ada);
      const profile = await rig.crm.find({ customerId: ada.customerId, email: null });
      expect(profile).toMatchObject({ language: 'pt-BR', tier: 'xy', name: expect.stringMatching(/^xy LLL/) });
      expect(JSON.stringify(profile)).not.toMatch(/[\u202e\u200b\u{e0041}]/u);
      expect(JSON.stringify(profile).length).toBeLessThan(1_500);
      expect(Object.keys(profile?.facts ?? {})).toEqual([rig.factNames.note]);
    });
  });

  describe('a note', () => {
    test('is added once per conversation and kind', async () => {
      const [id, other] = [await rig.add(person()), await rig.add(person())];
      const before = (await rig.notes()).length;
      const summary = note();
      const written = await rig.crm.addNote(id, summary);
      expect(await rig.crm.addNote(id, { ...summary, text: 'again' })).toBe(written);
      await rig.crm.addNote(id, { ...summary, kind: 'escalation' });
      await rig.crm.addNote(other, note());
      expect((await rig.notes()).length - before).toBe(3);
    });

    test('takes text of any kind and size', async () => {
      const id = await rig.add(person());
      await rig.crm.addNote(id, { ...note(), text: `\0 \ud800 😀\n${'é&<'.repeat(100_000)}` });
      const stored = (await rig.notes()).at(-1) ?? '';
      expect(stored).toContain('😀');
      expect(stored).not.toContain('\0');
      expect(stored.isWellFormed()).toBe(true);
    });

    test('for a customer who does not exist is refused', async () => {
      await expect(rig.crm.addNote('999999999', note())).rejects.toMatchObject({ name: 'RemoteRefused' });
    });
  });

  describe.each(faults)('when the system answers a write with %s', (fault) => {
    test('one note is added', async () => {
      const id = await rig.add(person());
      const before = (await rig.notes()).length;
      const summary = note();
      rig.fail(fault);
      const { failures } = await persist(() => rig.crm.addNote(id, summary));
      expect((await rig.notes()).length - before).toBe(1);
      const expected = rig.faults[fault] ?? { name: 'RemoteUnavailable' };
      expect(failures).toEqual(expected === 'done' ? [] : [expect.objectContaining(expected)]);
    });
  });

  if (!faults.includes('cut')) return;
  test('where nobody listens, nothing was sent', async () => {
    const notSent = { name: 'RemoteUnavailable', outcome: 'not_sent' };
    await expect(rig.unreachable?.find({ customerId: 'a', email: null })).rejects.toMatchObject(notSent);
    await expect(rig.unreachable?.addNote('1', note())).rejects.toMatchObject(notSent);
  });
};
