import { beforeEach, expect, test } from '@jest/globals';
import { createAnswerStream } from '../../local/answer-stream.ts';

let out = '';
let stream: ReturnType<typeof createAnswerStream>;

beforeEach(() => {
  out = '';
  stream = createAnswerStream((text) => {
    out += text;
  });
});

test('writes only what is new, and whole characters', () => {
  for (const text of ['It', 'It is', 'It is', 'It is \ud83d', 'It is \ud83d\udeb2!']) stream.show(text);
  stream.endLine();
  stream.endLine();
  expect(out).toBe('It is 🚲!\n');
});

test('writes a text that starts over below the old one', () => {
  stream.show('A try');
  stream.show('An answer');
  expect(out).toBe('A try\n\nAn answer');
});

test('puts a note on a line of its own, and the answer goes on below', () => {
  stream.note('looking it up');
  stream.show('One moment');
  stream.note('looking again');
  stream.show('One moment: done');
  stream.note('over');
  expect(out).toBe('looking it up\nOne moment\nlooking again\n: done\nover\n');
});

test('leaves out what a terminal would obey or a reader would be fooled by', () => {
  stream.show('a\u001b[2Jb\u0007c\rd\u009be\tf\u202eg');
  expect(out).toBe('a[2Jbcde\tfg');
});
