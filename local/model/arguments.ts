import { plain, split } from './plain.ts';
import type { Parameter, Tool } from './request.ts';
import { wordsOf } from './words.ts';

/** `specific`: the value has a shape of its own (a number, a pattern, a choice), so finding it says that the tool fits. */
type Value = { value: unknown; specific: boolean };

export type Filled = { values: Record<string, unknown>; missing: string[]; specific: boolean };

/**
 * Finds the arguments of a tool in what the customer said.
 *
 * @param message what is said now
 * @param earlier what may be referred back to, newest first; only values with a shape of their own are taken from there
 */
export const fillArguments = (
  { name: toolName, parameters }: Tool,
  message: string,
  earlier: readonly string[] = [],
): Filled => {
  const filled: Filled = { values: {}, missing: [], specific: false };
  const taken = new Set<string>();
  for (const [name, parameter] of Object.entries(parameters.properties)) {
    const required = parameters.required.includes(name);
    const found =
      findValue(name, parameter, message, taken, wordsOf(toolName.replaceAll('_', ' '))) ??
      earlier.map((text) => shaped(name, parameter, text, taken)).find((value) => value !== undefined);
    if (found && (required || found.specific || REASON.test(name))) {
      filled.values[name] = found.value;
      filled.specific ||= found.specific && required;
      taken.add(String(found.value));
    } else if (required) filled.missing.push(name);
  }
  return filled;
};

/** The value that a reply gives to the question for one argument: one of its shape, or the reply as it is. */
export const valueFromReply = (name: string, parameter: Parameter, reply: string): unknown =>
  shaped(name, parameter, reply, new Set())?.value ??
  (hasShape(name, parameter) || reply.trim() === '' ? undefined : reply.trim());

const REASON = /^(reason|summary)$/i;
const FREE_TEXT = /(reason|summary|message|note|text|details|comment|description|subject|question|feedback)$/i;
const SEARCH = /(query|search|keywords?|term|topic|product|item)$/i;
const ADDRESS = /(address|street|location)$/i;
const REFERENCE = /(number|reference|code|order|ticket|(^|_)id|Id)$/;

const hasShape = (name: string, parameter: Parameter): boolean =>
  parameter.enum !== undefined ||
  toRegExp(parameter.pattern) !== undefined ||
  isNumeric(parameter) ||
  parameter.format === 'email' ||
  shapeOfExamples(parameter) !== undefined ||
  REFERENCE.test(name);

/** JSON Schema allows a list, which is how a nullable text is written. */
const hasType = ({ type }: Parameter, ...types: string[]): boolean =>
  [type].flat().some((one) => one && types.includes(one));

const isNumeric = (parameter: Parameter): boolean => hasType(parameter, 'integer', 'number');

const findValue = (
  name: string,
  parameter: Parameter,
  message: string,
  taken: ReadonlySet<string>,
  toolWords: ReadonlySet<string>,
): Value | undefined => {
  if (hasShape(name, parameter)) return shaped(name, parameter, message, taken);
  if (parameter.type !== undefined && !hasType(parameter, 'string')) return undefined;
  if (ADDRESS.test(name)) return unshaped(ADDRESSES.map((said) => said.exec(message)?.[1]).find(Boolean));
  if (FREE_TEXT.test(name)) return unshaped(message);
  if (SEARCH.test(name)) return unshaped([...wordsOf(message)].filter((word) => !toolWords.has(word)).join(' '));
  return undefined;
};

const unshaped = (text = ''): Value | undefined =>
  text.trim() === '' ? undefined : { value: text.trim().slice(0, 500), specific: false };

/**
 * After a word that announces it: text with a number and letters, up to the end of the line. The last such word counts where it
 * can announce little else ("I want to change … to …"), then the first of those that can be an article.
 */
const ADDRESSES = [
  /^[\s\S]*(?:\bto|\bauf|\bnach|\bpara|:)\s+((?=[^\n]*\d)(?=[^\n]*\p{L}{3})[^\n:]{6,160}?)[.!?]?\s*$/iu,
  /(?:\bis|\ban|\bà|\ba)\s+((?=[^\n]*\d)(?=[^\n]*\p{L}{3})[^\n:]{6,160}?)[.!?]?\s*$/iu,
];

const shaped = (name: string, parameter: Parameter, text: string, taken: ReadonlySet<string>): Value | undefined => {
  const found = shapedText(name, parameter, text, taken);
  if (found === undefined) return undefined;
  return {
    value: isNumeric(parameter) ? Number(found.replace(',', '.').replace(/[^\d.]/g, '')) : found,
    specific: true,
  };
};

const shapedText = (
  name: string,
  parameter: Parameter,
  text: string,
  taken: ReadonlySet<string>,
): string | undefined => {
  if (parameter.enum) return chosen(parameter.enum, text);
  if (isNumeric(parameter) && /amount|price|total|sum|value/i.test(name))
    return MONEY.exec(text)?.slice(1).find(Boolean);
  const shape =
    toRegExp(parameter.pattern) ??
    (parameter.format === 'email' ? EMAIL : undefined) ??
    shapeOfExamples(parameter) ??
    (REFERENCE.test(name) ? LONG_NUMBER : isNumeric(parameter) ? SHORT_NUMBER : undefined);
  return shape && [...text.matchAll(shape)].map(([match]) => match).find((match) => match !== '' && !taken.has(match));
};

const MONEY =
  /(?:€|\$|£|\beur|\busd|\bgbp)\s?(\d+(?:[.,]\d{1,2})?)|\b(\d+(?:[.,]\d{1,2})?)\s?(?:€|\$|£|euros?\b|eur\b|dollars?\b|usd\b|pounds?\b|gbp\b)/i;
const EMAIL = /[\w.+-]+@[\w-]+(?:\.[\w-]+)+/g;
const LONG_NUMBER = /\b[A-Za-z]{0,4}-?\d{4,}\b/g;
const SHORT_NUMBER = /\b\d{1,3}(?:[.,]\d+)?\b/g;

/** The choice whose words the text holds, by concept: `Rückgabe` finds `return`. */
const chosen = (choices: readonly unknown[], text: string): string | undefined => {
  const words = wordsOf(text);
  const bare = new Set(split(plain(text)));
  return choices
    .filter((choice) => typeof choice === 'string')
    .find((choice) => {
      const own = wordsOf(choice.replaceAll('_', ' '));
      return bare.has(plain(choice)) || (own.size > 0 && [...own].every((word) => words.has(word)));
    });
};

/** A pattern for a whole value, made to find one inside a sentence. One that takes any words, or is invalid, is none. */
const toRegExp = (pattern: string | undefined): RegExp | undefined => {
  if (pattern === undefined) return undefined;
  try {
    if (new RegExp(pattern, 'u').test('any words at all')) return undefined;
    return new RegExp(
      `(?<![\\p{L}\\p{N}])(?:${pattern.replace(/^\^/, '').replace(/\$$/, '')})(?![\\p{L}\\p{N}])`,
      'gu',
    );
  } catch {
    return undefined;
  }
};

/** `A-1042` says: a letter, a dash, four digits or so. Only examples with digits in them have a shape. */
const shapeOfExamples = ({ examples }: Parameter): RegExp | undefined => {
  const example = examples?.find((one) => typeof one === 'string' || typeof one === 'number');
  if (example === undefined || !/^[A-Za-z]{0,5}[-_#]?\d{2,}$/.test(String(example))) return undefined;
  const shape = String(example)
    .replace(/\d+/, (digits) => `\\d{${Math.max(2, digits.length - 1)},}`)
    .replace(/^[A-Za-z]+/, (letters) => `[A-Za-z]{${letters.length}}`);
  return new RegExp(`(?<![\\p{L}\\p{N}])${shape}(?![\\p{L}\\p{N}])`, 'gu');
};
