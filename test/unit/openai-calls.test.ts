import { describe, expect, test } from '@jest/globals';
import { createCallAssembler } from '../../integrations/openai-calls.ts';

type Fragment = Parameters<ReturnType<typeof createCallAssembler>['add']>[0];

const assemble = (...fragments: Fragment[]) => {
  const calls = createCallAssembler();
  for (const fragment of fragments) calls.add(fragment);
  return calls.complete();
};

const part = (index: number | undefined, args: string, id?: string, name?: string): Fragment => ({
  ...(index === undefined ? {} : { index }),
  ...(id === undefined ? {} : { id }),
  function: { ...(name === undefined ? {} : { name }), arguments: args },
});

describe('fragments', () => {
  test('are joined by index, however they are interleaved', () => {
    expect(
      assemble(
        part(1, '', 'b', 'two'),
        part(0, '', 'a', 'one'),
        part(1, '{"x"'),
        part(0, '{'),
        part(1, ':1}'),
        part(0, '}'),
      ),
    ).toEqual([
      { id: 'b', name: 'two', arguments: '{"x":1}' },
      { id: 'a', name: 'one', arguments: '{}' },
    ]);
  });

  test('cut inside a character come out whole', () => {
    expect(assemble(part(0, '{"t":"\ud83d', 'a', 'one'), part(0, '\ude00"}'))[0]?.arguments).toBe('{"t":"😀"}');
  });

  test('hold no half character and no NUL in the end', () => {
    expect(assemble(part(0, '{"t":"\ud83d\0"}', 'a', 'one'))[0]?.arguments).toBe('{"t":"\ufffd"}');
  });
});

describe('servers that number calls in their own way', () => {
  test('no index, whole calls', () => {
    expect(assemble(part(undefined, '{}', 'a', 'one'), part(undefined, '{}', 'b', 'two'))).toHaveLength(2);
  });

  test('index 0 for all, with ids', () => {
    expect(assemble(part(0, '{"x":1}', 'a', 'one'), part(0, '{"x":2}', 'b', 'one'))).toEqual([
      { id: 'a', name: 'one', arguments: '{"x":1}' },
      { id: 'b', name: 'one', arguments: '{"x":2}' },
    ]);
  });

  test('index 0 for all, without ids', () => {
    expect(assemble(part(0, '{"x":1}', '', 'one'), part(0, '{"x":2}', '', 'two'))).toEqual([
      { id: 'call_0', name: 'one', arguments: '{"x":1}' },
      { id: 'call_1', name: 'two', arguments: '{"x":2}' },
    ]);
  });

  test('the name and the id in every fragment', () => {
    expect(assemble(part(0, '{"x"', 'a', 'one'), part(0, ':1}', 'a', 'one'), part(0, '', 'a', 'one'))).toEqual([
      { id: 'a', name: 'one', arguments: '{"x":1}' },
    ]);
  });
});

describe('ids', () => {
  test('that are missing are made up', () => {
    expect(assemble(part(0, '{}', undefined, 'one'), part(1, '{}', undefined, 'two')).map(({ id }) => id)).toEqual([
      'call_0',
      'call_1',
    ]);
  });

  test('that are used twice are told apart', () => {
    const calls = assemble(part(0, '{"x":1}', 'a', 'one'), part(1, '{"x":2}', 'a', 'one'), part(2, '{}', 'a_2', 'one'));
    expect(new Set(calls.map(({ id }) => id)).size).toBe(3);
  });

  test('a call said twice is one call', () => {
    expect(assemble(part(0, '{"x":1}', 'a', 'one'), part(1, '{"x":1}', 'a', 'one'))).toEqual([
      { id: 'a', name: 'one', arguments: '{"x":1}' },
    ]);
  });
});

test('names become ones that every server takes back', () => {
  const names = ['functions.find order', 'größe', '', 'x'.repeat(80)];
  expect(assemble(...names.map((name, at) => part(at, '{}', `c${at}`, name))).map(({ name }) => name)).toEqual([
    'functions_find_order',
    'gr__e',
    'unnamed',
    'x'.repeat(64),
  ]);
});
