import { expect, test } from '@jest/globals';
import { type Command, commandFor, keyName } from '../../../web/console/commands.ts';
import { arranged, neighbour } from '../../../web/console/entries.ts';
import { hashOf, placeIn } from '../../../web/console/place.ts';
import { idOf, sampleEntry } from '../../doubles/console-samples.ts';

const at = (minutes: number): string => new Date(minutes * 60_000).toISOString();
const ids = (entries: readonly { id: string }[]): string[] => entries.map(({ id }) => id);

test('what is due first stands first, then who came first; what is one’s own is in no other list', () => {
  const late = sampleEntry('late', { dueAt: at(1), since: at(5) });
  const soon = sampleEntry('soon', { dueAt: at(9), since: at(1) });
  const calm = sampleEntry('calm', { dueAt: null, since: at(0) });
  const older = sampleEntry('older', { dueAt: at(9), since: at(0) });
  const lists = arranged({ mine: [calm, soon, late, older], waiting: [soon], approvals: [], recent: [late] });
  expect(ids(lists.mine)).toEqual(ids([late, older, soon, calm]));
  expect([lists.waiting, lists.recent]).toEqual([[], []]);
});

test('recent ones stand newest first', () => {
  const [a, b] = [sampleEntry('a', { updatedAt: at(1) }), sampleEntry('b', { updatedAt: at(2) })];
  expect(ids(arranged({ mine: [], waiting: [], approvals: [], recent: [a, b] }).recent)).toEqual(ids([b, a]));
});

test('the keys walk through the rows and stop at the ends', () => {
  const rows = ['a', 'b', 'c'];
  expect([neighbour(rows, null, 1), neighbour(rows, null, -1), neighbour([], null, 1)]).toEqual(['a', 'c', null]);
  expect([neighbour(rows, 'a', 1), neighbour(rows, 'a', -1), neighbour(rows, 'c', 1)]).toEqual(['b', 'a', 'c']);
  expect(neighbour(rows, 'gone', 1)).toBe('a');
});

test('a place is kept in the address, and only one that could be', () => {
  const place = { screen: 'desk' as const, conversation: idOf('ada') };
  expect(placeIn(hashOf(place))).toEqual(place);
  expect(placeIn(hashOf({ screen: 'floor' }))).toEqual({ screen: 'floor' });
  expect([placeIn(''), placeIn('#/c/<script>'), placeIn('#/c/cnv_short')]).toEqual([
    ...Array(3).fill({ screen: 'desk', conversation: null }),
  ]);
});

test('single keys are commands only while nobody writes; with Alt always, by the place of the key', () => {
  const command = (id: string, rest: Partial<Command>): Command => ({
    ...{ id, label: id, group: 'Console', run: () => {} },
    ...rest,
  });
  const commands = [command('reply', { key: 'r' }), command('accept', { key: 'a', alt: true }), command('none', {})];
  const pressed = (key: string, more = {}) => ({
    key,
    code: '',
    altKey: false,
    ctrlKey: false,
    metaKey: false,
    ...more,
  });
  const found = (press: ReturnType<typeof pressed>, isWriting: boolean) => commandFor(commands, press, isWriting)?.id;
  expect([found(pressed('r'), false), found(pressed('R'), false), found(pressed('r'), true)]).toEqual([
    ...['reply', 'reply', undefined],
  ]);
  expect(found(pressed('å', { code: 'KeyA', altKey: true }), true)).toBe('accept');
  expect([found(pressed('a'), false), found(pressed('r', { ctrlKey: true }), false)]).toEqual([undefined, undefined]);
  expect(commands.map(keyName)).toEqual(['R', 'Alt A', null]);
});
