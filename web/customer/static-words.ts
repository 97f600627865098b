import type { Words } from './words/en.ts';
import { pageLanguage, words } from './words.ts';

/** Words that stand in index.html, by name: what an element says, what it is called, what stands in an empty field. */
type Plain = { [Name in keyof Words]: Words[Name] extends string ? Name : never }[keyof Words];

const isPlain = (name: string | undefined): name is Plain =>
  name !== undefined && Object.hasOwn(words, name) && typeof words[name as Plain] === 'string';

const each = (attribute: string, say: (node: Element, text: string) => void): void => {
  for (const node of document.querySelectorAll(`[${attribute}]`)) {
    const name = node.getAttribute(attribute) ?? undefined;
    if (!isPlain(name)) throw new Error(`index.html asks for words "${name}", which no language has`);
    say(node, words[name]);
  }
};

/** Says what stands in index.html in the customer's language. */
export const speak = (): void => {
  document.documentElement.lang = pageLanguage;
  each('data-words', (node, text) => {
    node.textContent = text;
  });
  each('data-label', (node, text) => node.setAttribute('aria-label', text));
  each('data-placeholder', (node, text) => node.setAttribute('placeholder', text));
};
