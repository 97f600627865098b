import { describe, expect, test } from '@jest/globals';
import { readFrame } from '../../../gateway/inbound.ts';

const send = (rest: object) => JSON.stringify({ type: 'send', clientMessageId: 'message-1', text: 'hi', ...rest });
const hello = '{"type":"hello","protocol":1}';

describe('frames that end the connection', () => {
  test.each([
    ['nothing', ''],
    ['not JSON', '{"type":"hello"'],
    ['NaN', '{"type":"hello","protocol":NaN}'],
    ['a BOM', `\ufeff${hello}`],
    ['two frames', hello + hello],
    ['null', 'null'],
    ['a number', '1'],
    ['a list', `[${hello}]`],
    ['no type', '{}'],
    ['an unknown type', '{"type":"shutdown"}'],
    ["a server's type", '{"type":"ack","clientMessageId":"message-1"}'],
    ['a type that every object has', '{"type":"constructor"}'],
    ['protocol 2', '{"type":"hello","protocol":2}'],
    ['protocol as text', '{"type":"hello","protocol":"1"}'],
    ['an unknown key', '{"type":"hello","protocol":1,"admin":true}'],
    ['__proto__', '{"type":"hello","protocol":1,"__proto__":{"admin":true}}'],
    ['constructor', send({ constructor: { prototype: {} } })],
    ['__proto__ further in', '{"type":"hello","protocol":1,"conversation":{"id":"x","__proto__":{}}}'],
    ['text that is no text', send({ text: 4 })],
    ['no text', '{"type":"send","clientMessageId":"message-1"}'],
    ['a short id', send({ clientMessageId: 'short' })],
    ['an id with a line break', send({ clientMessageId: 'message-1\n{}' })],
    ['a bad id and a bad text', send({ clientMessageId: 'x', text: '' })],
    ['an unknown key and a bad text', send({ text: '', admin: true })],
    ['60,000 open brackets', '['.repeat(60_000)],
    ['5,000 levels', `${'['.repeat(5_000)}${']'.repeat(5_000)}`],
    [
      '5,000 levels in a text',
      `{"type":"send","clientMessageId":"message-1","text":${'['.repeat(5_000)}${']'.repeat(5_000)}}`,
    ],
    ['a session of 3,000 characters', JSON.stringify({ type: 'hello', protocol: 1, session: 'x'.repeat(3_000) })],
  ])('%s', (_what, text) => {
    expect(readFrame(text)).toEqual({ kind: 'unreadable' });
  });
});

describe('texts that cannot be taken are refused by id, in words that hold none of them', () => {
  test.each([
    ['', 'text is empty'],
    [' \n\t', 'text is empty'],
    ['x'.repeat(4_001), 'text is longer than 4000 characters'],
    ['x'.repeat(60_000), 'text is longer than 4000 characters'],
    ['a\0b', 'text holds a NUL or half of a character'],
    ['a\ud83e', 'text holds a NUL or half of a character'],
    ['\udd94b', 'text holds a NUL or half of a character'],
  ])('%#', (text, message) => {
    expect(readFrame(send({ text }))).toEqual({ kind: 'invalid', error: { clientMessageId: 'message-1', message } });
  });
});

test('the comment of a rating that cannot be taken is refused by the id of the command', () => {
  const rate = (rest: object) =>
    readFrame(JSON.stringify({ type: 'rate', commandId: 'command-1', score: 5, comment: 'fine', ...rest }));
  expect(rate({}).kind).toBe('frame');
  expect(rate({ comment: 'a\0b' })).toEqual({
    kind: 'invalid',
    error: { commandId: 'command-1', message: 'comment holds a NUL or half of a character' },
  });
  for (const wrong of [
    { score: 0 },
    { score: 6 },
    { score: 2.5 },
    { score: '5' },
    { comment: 4 },
    { score: 6, comment: '' },
  ])
    expect(rate(wrong)).toEqual({ kind: 'unreadable' });
});

describe('texts that are strange but storable pass unchanged', () => {
  test.each([
    '\u202egnp.exe',
    'a\u{e0041}b',
    '\x1b[31mred',
    'two\r\nlines',
    '🦔',
    'x'.repeat(4_000),
    '\ufeff.',
    '__proto__',
  ])('%#', (text) => {
    expect(readFrame(send({ text }))).toMatchObject({ kind: 'frame', frame: { text } });
  });
});

test('of two equal keys the last one counts, and it alone is looked at', () => {
  expect(readFrame('{"type":"send","clientMessageId":"message-1","text":"a","text":"b"}')).toMatchObject({
    frame: { text: 'b' },
  });
  expect(readFrame('{"type":"hello","protocol":1,"type":"ack"}')).toEqual({ kind: 'unreadable' });
});

test('a position may be anything: it is looked at later', () => {
  for (const position of ['-1', '"x"', '[[]]', '{"__proto__":{}}', `${'['.repeat(5_000)}${']'.repeat(5_000)}`])
    expect(readFrame(`{"type":"hello","protocol":1,"conversation":{"id":"x","position":${position}}}`).kind).toBe(
      'frame',
    );
});
