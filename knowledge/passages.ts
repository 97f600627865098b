import type { Article } from '../contracts/playbook.ts';
import type { NewPassage } from '../store/passages.ts';

/** Longest passage, characters: about 300 tokens, so that four of them leave room in a prompt of 3,000. */
const MAX_LENGTH = 1_200;

/**
 * Cuts an article at its headings, and longer sections at paragraphs. Each passage keeps the article's title and its own
 * heading, since a paragraph alone rarely says what it is about. The ways to ask for the article follow, numbered below zero.
 */
export const passagesOf = ({ slug, title, url, language, questions, body }: Article): NewPassage[] => {
  const common = { article: slug, url: url ?? null, language };
  return [
    ...sections(body)
      .flatMap(({ heading, text }) => pieces(text).map((piece) => ({ heading, text: piece })))
      .map(({ heading, text }, ordinal) => ({ ...common, ordinal, asked: false, title, heading, text })),
    ...questions.map((text, i) => ({ ...common, ordinal: -1 - i, asked: true, title: '', heading: '', text })),
  ];
};

const sections = (body: string): { heading: string; text: string }[] => {
  const found = [{ heading: '', text: '' }];
  for (const line of body.split('\n')) {
    const [, heading] = /^#{1,6}\s+(.+?)\s*#*$/.exec(line) ?? [];
    if (heading !== undefined) found.push({ heading, text: '' });
    else found[found.length - 1] = { heading: found.at(-1)?.heading ?? '', text: `${found.at(-1)?.text}${line}\n` };
  }
  return found.map(({ heading, text }) => ({ heading, text: text.trim() })).filter(({ text }) => text !== '');
};

const pieces = (text: string): string[] => {
  const found: string[] = [];
  for (const paragraph of text.split(/\n{2,}/)) {
    const last = found.at(-1);
    if (last !== undefined && last.length + paragraph.length + 2 <= MAX_LENGTH)
      found[found.length - 1] = `${last}\n\n${paragraph}`;
    else found.push(paragraph);
  }
  return found;
};
