import type { ReactNode } from 'react';
import { type Block, type Inline, parseMarkdown } from '../../markdown.ts';

/** A text with the few marks that models write. Everything in it becomes text nodes: there is no way to markup. */
export const MarkedText = ({ text }: { text: string }) => <>{keyed(parseMarkdown(text), blockNode)}</>;

/** A text exactly as it was written. */
export const PlainText = ({ text }: { text: string }) => (
  <p className="as-written" dir="auto">
    {text}
  </p>
);

// Parts of a text have no ids, and it is only ever replaced as a whole or grows at its end: the place is the key.
const keyed = <T,>(parts: readonly T[], node: (part: T, key: string) => ReactNode): ReactNode[] =>
  parts.map((part, place) => node(part, String(place)));

const blockNode = (block: Block, key: string): ReactNode => {
  if (block.type === 'code') {
    return (
      <pre key={key} dir="ltr">
        <code>{block.text}</code>
      </pre>
    );
  }
  if (block.type === 'paragraph') {
    return (
      <p key={key} dir="auto">
        {keyed(block.children, inlineNode)}
      </p>
    );
  }
  const items = keyed(block.items, (item, at) => (
    <li key={at} dir="auto">
      {keyed(item, inlineNode)}
    </li>
  ));
  return block.ordered ? (
    <ol key={key} start={block.start} dir="auto">
      {items}
    </ol>
  ) : (
    <ul key={key} dir="auto">
      {items}
    </ul>
  );
};

const inlineNode = (inline: Inline, key: string): ReactNode => {
  switch (inline.type) {
    case 'text':
      return inline.text;
    case 'break':
      return <br key={key} />;
    case 'code':
      return <code key={key}>{inline.text}</code>;
    case 'link':
      return (
        <OutwardLink key={key} href={inline.href}>
          {keyed(inline.children, inlineNode)}
        </OutwardLink>
      );
    case 'strong':
      return <strong key={key}>{keyed(inline.children, inlineNode)}</strong>;
    default:
      return <em key={key}>{keyed(inline.children, inlineNode)}</em>;
  }
};

/** `href` comes from `httpLink`. The page behind it learns nothing about this one. */
export const OutwardLink = ({ href, children }: { href: string; children: ReactNode }) => (
  <a href={href} target="_blank" rel="noopener noreferrer">
    {children}
  </a>
);
