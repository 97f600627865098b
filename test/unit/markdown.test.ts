import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { httpLink } from '../../web/http-link.ts';
import { type Block, type Inline, parseMarkdown } from '../../web/markdown.ts';

/** A short notation: *strong* is S(…), em is E(…), code is C(…), a link is L(address|…), a break is ↵. */
const inline = (nodes: Inline[]): string =>
  nodes
    .map((node) => {
      if (node.type === 'text') return node.text;
      if (node.type === 'break') return '↵';
      if (node.type === 'code') return `C(${node.text})`;
      if (node.type === 'link') return `L(${node.href}|${inline(node.children)})`;
      return `${node.type === 'strong' ? 'S' : 'E'}(${inline(node.children)})`;
    })
    .join('');

const block = (node: Block): string => {
  if (node.type === 'paragraph') return `P ${inline(node.children)}`;
  if (node.type === 'code') return `PRE ${node.text}`;
  return `${node.ordered ? `OL${node.start}` : 'UL'} ${node.items.map(inline).join(' • ')}`;
};

const read = (text: string): string[] => parseMarkdown(text).map(block);

describe('what models write', () => {
  test.each([
    ['plain words', ['P plain words']],
    ['one\ntwo\n\nthree', ['P one↵two', 'P three']],
    ['one\r\ntwo', ['P one↵two']],
    ['**Order 1042** is *on its way*', ['P S(Order 1042) is E(on its way)']],
    ['__bold__ and _italic_ and ***both***', ['P S(bold) and E(italic) and S(E(both))']],
    ['*a **b** c*', ['P E(a S(b) c)']],
    ['run `npm start` now', ['P run C(npm start) now']],
    ['`**not bold**`', ['P C(**not bold**)']],
    ['# Returns\nSend it back', ['P S(Returns)', 'P Send it back']],
    ['Steps:\n1. Open\n2. Press\n\n3. Done', ['P Steps:', 'OL1 Open • Press • Done']],
    ['3. third\n- other', ['OL3 third', 'UL other']],
    ['- one\n* **two**\n  • three', ['UL one • S(two) • three']],
    ['```js\nconst a = **1**;\n\nb\n```\nafter', ['PRE const a = **1**;\n\nb', 'P after']],
    ['```\nnot closed yet', ['PRE not closed yet']],
    ['see [our **terms**](https://shop.example/a_b_c)', ['P see L(https://shop.example/a_b_c|our S(terms))']],
    ['[note] then [here](http://shop.example)', ['P [note] then L(http://shop.example/|here)']],
    ['(https://shop.example/a?b=c_d).', ['P (L(https://shop.example/a?b=c_d|https://shop.example/a?b=c_d)).']],
    ['**https://shop.example**', ['P S(L(https://shop.example/|https://shop.example))']],
    ['\\*not italic\\* and \\[not](a link)', ['P *not italic* and [not](a link)']],
  ])('%j', (text, blocks) => {
    expect(read(text)).toEqual(blocks);
  });
});

describe('what is no mark stays text', () => {
  test.each([
    '2 * 3 * 4',
    'order_id and customer_id_2 and order__id_',
    '**not closed',
    '** spaced **',
    '*',
    '****',
    '[label] (/returns)',
    '[](/returns)',
    '``',
    'xhttps://shop.example',
    '#hashtag',
    '-5 degrees',
  ])('%j', (text) => {
    expect(read(text)).toEqual([`P ${text}`]);
  });
});

describe('hostile text', () => {
  test.each([
    '<img src=x onerror=alert(1)>',
    '<script>alert(1)</script>',
    '[click](javascript:alert(1))',
    '[click](JaVaScRiPt:alert(1))',
    '[click](java\tscript:alert(1))',
    '[click](data:text/html,<script>alert(1)</script>)',
    '[click](vbscript:x)',
    '[click](//evil.example)',
    '[click](/relative)',
    '[click](https://shop.example@evil.example)',
    '[click](https://user:secret@evil.example)',
    '[click](file:///etc/passwd)',
    'javascript:alert(1)',
    '&lt;b&gt;',
  ])('%j is only text', (text) => {
    const flat = JSON.stringify(parseMarkdown(text));
    expect(flat).not.toContain('"link"');
    expect(read(text)).toEqual([`P ${text}`]);
  });

  test('an image is never loaded: it is at most a link', () => {
    expect(read('![pixel](https://evil.example/?q=secret)')).toEqual(['P !L(https://evil.example/?q=secret|pixel)']);
  });

  test('links do not nest', () => {
    expect(read('[https://shop.example](https://evil.example)')).toEqual([
      'P L(https://evil.example/|https://shop.example)',
    ]);
  });

  test('64,000 signs are read in less than a second each, whatever they are', () => {
    for (const sign of ['*', '**a ', '*a ', '_', '[', '[[](', '`', '- ', '> ', '\\', 'http://', '*_', '***a']) {
      const started = performance.now();
      parseMarkdown(sign.repeat(Math.ceil(64_000 / sign.length)));
      expect([sign, performance.now() - started < 1_000]).toEqual([sign, true]);
    }
  });

  const piece = fc.constantFrom(
    '*',
    '**',
    '_',
    '`',
    '```',
    '[',
    '](',
    ')',
    'https://a.example/',
    '\n',
    '- ',
    '1. ',
    '\\',
    'ab',
    ' ',
    '#',
    '# ',
  );

  test('an address with a space in it is no link', () => {
    expect(parseMarkdown('[here](https://a.example/# x)')).toEqual([
      {
        type: 'paragraph',
        children: [
          { type: 'text', text: '[here](' },
          { type: 'link', href: 'https://a.example/#', children: [{ type: 'text', text: 'https://a.example/#' }] },
          { type: 'text', text: ' x)' },
        ],
      },
    ]);
  });

  test('any mixture keeps every word, in order, and only http links', () => {
    const words = (text: string): string => text.replace(/[^\p{L}\p{N}]/gu, '');
    const spoken = (nodes: Inline[]): string =>
      nodes
        .map((node) => {
          if (node.type === 'link') {
            expect(node.href).toMatch(/^https?:\/\//);
            const label = spoken(node.children);
            return httpLink(label) === node.href ? label : label + node.href;
          }
          return node.type === 'break' ? '' : 'text' in node ? node.text : spoken(node.children);
        })
        .join('');
    const spokenBlocks = (blocks: Block[]): string =>
      blocks
        .map((node) => {
          if (node.type === 'code') return node.text;
          return node.type === 'paragraph' ? spoken(node.children) : node.items.map(spoken).join('');
        })
        .join('');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const text = pieces.join('');
        const withoutNumbers = (all: string): string => words(all).replaceAll('1', '');
        // The word after a fence names a language and is not shown.
        fc.pre(!text.includes('```'));
        expect(withoutNumbers(spokenBlocks(parseMarkdown(text)))).toBe(withoutNumbers(text));
      }),
      { numRuns: 2_000 },
    );
  });

  test('any text at all is read', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.array(piece, { maxLength: 60 }).map((all) => all.join('')),
        ),
        (text) => {
          parseMarkdown(text);
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
