import { httpLink } from './http-link.ts';

/**
 * The few marks that models write in a chat: paragraphs, lists, code, bold, italic, links. The result is a tree of plain
 * values: there is no way from any text to markup, an image or an address that is not http or https. What is not
 * understood stays the text that it is. A full Markdown parser would make HTML first and need a sanitizer after it.
 */
export type Inline =
  | { type: 'text'; text: string }
  | { type: 'code'; text: string }
  | { type: 'break' }
  | { type: 'strong' | 'em'; children: Inline[] }
  | { type: 'link'; href: string; children: Inline[] };

export type Block =
  | { type: 'paragraph'; children: Inline[] }
  | { type: 'list'; ordered: boolean; start: number; items: Inline[][] }
  | { type: 'code'; text: string };

/** Marks inside marks; deeper ones stay text. */
const MAX_DEPTH = 4;
/** Closing signs looked at for one opening sign, so that a text of nothing but signs costs no more than another. */
const MAX_TRIES = 20;

const FENCE = /^\s{0,3}(?:```|~~~)/;
const HEADING = /^\s{0,3}#{1,6}\s+/;
const ITEM = /^\s{0,12}(?:[-*•+]|(\d{1,9})[.)])\s+/;

export const parseMarkdown = (text: string): Block[] => {
  const blocks: Block[] = [];
  let paragraph: string[] = [];
  let code: string[] | null = null;

  const endParagraph = (): void => {
    if (paragraph.length > 0) blocks.push({ type: 'paragraph', children: parseInline(paragraph.join('\n')) });
    paragraph = [];
  };

  const addItem = (content: string, number: string | undefined): void => {
    endParagraph();
    const last = blocks.at(-1);
    const ordered = number !== undefined;
    if (last?.type === 'list' && last.ordered === ordered) last.items.push(parseInline(content));
    else blocks.push({ type: 'list', ordered, start: ordered ? Number(number) : 1, items: [parseInline(content)] });
  };

  for (const line of text.split(/\r?\n/)) {
    const item = ITEM.exec(line);
    if (FENCE.test(line)) {
      if (code) blocks.push({ type: 'code', text: code.join('\n') });
      else endParagraph();
      code = code ? null : [];
    } else if (code) code.push(line);
    else if (line.trim() === '') endParagraph();
    else if (HEADING.test(line)) {
      endParagraph();
      blocks.push({
        type: 'paragraph',
        children: [{ type: 'strong', children: parseInline(line.replace(HEADING, '')) }],
      });
    } else if (item) addItem(line.slice(item[0].length), item[1]);
    else paragraph.push(line);
  }
  if (code) blocks.push({ type: 'code', text: code.join('\n') });
  endParagraph();
  return blocks;
};

const parseInline = (text: string, depth = 0, links = true): Inline[] => {
  const found: Inline[] = [];
  let plain = '';
  let at = 0;

  const flush = (): void => {
    if (plain) found.push({ type: 'text', text: plain });
    plain = '';
  };

  while (at < text.length) {
    const mark = readMark(text, at, depth, links);
    if (mark) {
      flush();
      found.push(mark.inline);
      at = mark.end;
    } else {
      if (text[at] === '\\' && /[!-/:-@[-`{-~]/.test(text[at + 1] ?? '')) at++;
      plain += text[at++];
    }
  }
  flush();
  return found;
};

type Mark = { inline: Inline; end: number } | null;

const readMark = (text: string, at: number, depth: number, links: boolean): Mark => {
  switch (text[at]) {
    case '\n':
      return { inline: { type: 'break' }, end: at + 1 };
    case '`':
      return readCode(text, at);
    case '*':
    case '_':
      return depth < MAX_DEPTH ? readEmphasis(text, at, depth, links) : null;
    case '[':
      return links ? readLink(text, at, depth) : null;
    case 'h':
      return links ? readAddress(text, at) : null;
    default:
      return null;
  }
};

const readCode = (text: string, at: number): Mark => {
  const end = text.indexOf('`', at + 1);
  if (end <= at + 1) return null;
  return { inline: { type: 'code', text: text.slice(at + 1, end) }, end: end + 1 };
};

const isWord = (character: string | undefined): boolean => /[\p{L}\p{N}_]/u.test(character ?? ' ');
const isSpace = (character: string | undefined): boolean => /\s/.test(character ?? ' ');

const readEmphasis = (text: string, at: number, depth: number, links: boolean): Mark => {
  const sign = text[at] ?? '';
  const mark = text[at + 1] === sign ? sign + sign : sign;
  const from = at + mark.length;
  // An underscore inside a word is part of it: order_id stays order_id.
  if (isSpace(text[from]) || (sign === '_' && isWord(text[at - 1]))) return null;
  const end = findClosing(text, mark, from);
  if (end < 0) return null;
  const children = parseInline(text.slice(from, end), depth + 1, links);
  return { inline: { type: mark.length === 2 ? 'strong' : 'em', children }, end: end + mark.length };
};

const findClosing = (text: string, mark: string, from: number): number => {
  const sign = mark[0];
  let end = from;
  for (let tries = 0; tries < MAX_TRIES; tries++) {
    end = text.indexOf(mark, end + 1);
    if (end < 0) return -1;
    const isInRun = mark.length === 1 && (text[end - 1] === sign || text[end + 1] === sign);
    // Of three closing signs the first belongs to what is inside.
    const isInside = mark.length === 2 && text[end + 2] === sign;
    const isInWord = sign === '_' && isWord(text[end + mark.length]);
    if (!isInRun && !isInside && !isInWord && !isSpace(text[end - 1])) return end;
  }
  return -1;
};

const readLink = (text: string, at: number, depth: number): Mark => {
  const middle = text.indexOf(']', at);
  const label = text.slice(at + 1, Math.max(at + 1, middle));
  const end = text[middle + 1] === '(' ? text.indexOf(')', middle) : -1;
  if (end < 0 || label === '' || label.includes('[')) return null;
  const address = text.slice(middle + 2, end).trim();
  // An address has no spaces; what has some is text in brackets.
  const href = /\s/.test(address) ? null : httpLink(address);
  return href ? { inline: { type: 'link', href, children: parseInline(label, depth, false) }, end: end + 1 } : null;
};

const ADDRESS = /https?:\/\/[^\s<>"'`\\^{|}]+/y;
/** What ends a sentence or closes a bracket around an address is not part of it. */
const AFTER_ADDRESS = '.,;:!?*_)]';

const readAddress = (text: string, at: number): Mark => {
  if (isWord(text[at - 1])) return null;
  ADDRESS.lastIndex = at;
  const found = ADDRESS.exec(text)?.[0] ?? '';
  let length = found.length;
  while (length > 0 && AFTER_ADDRESS.includes(found[length - 1] ?? '')) length--;
  const address = found.slice(0, length);
  const href = httpLink(address);
  return href
    ? { inline: { type: 'link', href, children: [{ type: 'text', text: address }] }, end: at + length }
    : null;
};
