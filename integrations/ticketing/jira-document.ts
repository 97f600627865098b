import { z } from 'zod';

/** Atlassian Document Format: the only way into Jira in which text stays text, since nothing in it is read as markup. */
export const toDocument = (text: string) => ({
  version: 1,
  type: 'doc',
  content: text
    .split(/\n{2,}/)
    .filter((paragraph) => paragraph !== '')
    .map((paragraph) => ({ type: 'paragraph', content: paragraph.split('\n').flatMap(toLine) })),
});

/** An empty text node is refused. */
const toLine = (line: string, index: number) => [
  ...(index > 0 ? [{ type: 'hardBreak' }] : []),
  ...(line === '' ? [] : [{ type: 'text', text: line }]),
];

const node = z.object({ type: z.string(), text: z.string().optional(), content: z.array(z.unknown()).default([]) });

const BLOCKS = ['paragraph', 'heading', 'codeBlock', 'blockquote', 'listItem', 'rule', 'tableRow'];

/** Jira's editor nests a dozen deep; what lies deeper was made to break a reader. */
const MAX_DEPTH = 40;

/** The text of a document that people wrote. Media and macros have none; what is no document is empty. */
export const toText = (value: unknown, depth = 0): string => {
  const { data } = node.safeParse(value);
  if (!data || depth > MAX_DEPTH) return '';
  if (data.type === 'hardBreak') return '\n';
  const inner = data.text ?? data.content.map((child) => toText(child, depth + 1)).join('');
  return BLOCKS.includes(data.type) ? `${inner}\n` : inner;
};
