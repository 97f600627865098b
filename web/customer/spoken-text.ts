import { type Block, type Inline, parseMarkdown } from '../markdown.ts';

/** The assistant's text as it is to be heard: without its marks, lines and items apart. */
export const spokenText = (text: string): string => parseMarkdown(text).map(block).join(' ');

const block = (node: Block): string => {
  if (node.type === 'code') return node.text;
  return node.type === 'paragraph' ? inline(node.children) : node.items.map(inline).join(', ');
};

const inline = (nodes: readonly Inline[]): string =>
  nodes
    .map((node) => {
      if (node.type === 'break') return ' ';
      return 'text' in node ? node.text : inline(node.children);
    })
    .join('');
