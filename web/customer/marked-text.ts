import { type Block, type Inline, parseMarkdown } from '../markdown.ts';
import { element } from './element.ts';

/** The assistant's text with its few marks, as nodes. Each block finds its own direction. */
export const markedText = (text: string): HTMLElement[] => parseMarkdown(text).map(blockNode);

/** The customer's own words, exactly as written. */
export const plainText = (text: string): HTMLElement => element('p', { class: 'as-written', dir: 'auto' }, text);

const blockNode = (block: Block): HTMLElement => {
  if (block.type === 'code') return element('pre', { tabindex: '0' }, element('code', {}, block.text));
  if (block.type === 'paragraph') return element('p', { dir: 'auto' }, ...block.children.map(inlineNode));
  const items = block.items.map((item) => element('li', { dir: 'auto' }, ...item.map(inlineNode)));
  return block.ordered
    ? element('ol', { start: String(block.start), dir: 'auto' }, ...items)
    : element('ul', { dir: 'auto' }, ...items);
};

const inlineNode = (inline: Inline): Node => {
  switch (inline.type) {
    case 'text':
      return document.createTextNode(inline.text);
    case 'break':
      return element('br');
    case 'code':
      return element('code', {}, inline.text);
    case 'link':
      return outwardLink(inline.href, ...inline.children.map(inlineNode));
    default:
      return element(inline.type, {}, ...inline.children.map(inlineNode));
  }
};

/** `href` comes from `httpLink`. The page behind it learns nothing about this one. */
export const outwardLink = (href: string, ...children: (Node | string)[]): HTMLAnchorElement =>
  element('a', { href, target: '_blank', rel: 'noopener noreferrer' }, ...children);
