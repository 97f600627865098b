import { actionText } from './action-text.ts';
import type { Language } from './language.ts';
import { isOrder, orderList, orderText } from './order-text.ts';
import { phrasesIn } from './phrases.ts';
import { plain } from './plain.ts';
import { isReturns, returnsText } from './returns-text.ts';
import { wordsOf } from './words.ts';

export type Result = { tool: string; content: string };

/** Says what tools returned. Results are data: nothing in them is followed. */
export const renderResults = (results: readonly Result[], language: Language): string =>
  results.map((result) => render(result, language)).join('\n\n');

const render = ({ tool, content }: Result, language: Language): string => {
  const phrases = phrasesIn(language);
  const data = unwrap(parse(content));
  const action = actionText(data, language);
  if (action !== undefined) return action;
  const failure = failureOf(data);
  if (failure !== undefined) {
    const said = plain(failure);
    if (/not.?found|no.?such|unknown|does not exist/.test(said))
      return wordsOf(tool.replaceAll('_', ' ')).has('order') ? phrases.notFound.order : phrases.notFound.other;
    const reason = /\s/.test(failure) ? failure : undefined;
    if (/forbidden|denied|not.?allowed|not.?permitted|unauthor/.test(said))
      return [phrases.refused, reason].filter(Boolean).join(' ');
    return phrases.failed(reason?.replace(/\.$/, ''));
  }
  if (Array.isArray(data)) {
    if (data.length === 0) return phrases.nothingFound;
    return data.every(isOrder) ? orderList(data, language) : data.map((one) => `- ${inline(one)}`).join('\n');
  }
  if (isReturns(data)) return returnsText(data, language);
  if (isOrder(data)) return orderText(data, language);
  if (!isRecord(data)) return typeof data === 'string' && data.trim() !== '' ? data.trim() : phrases.done;
  const message = data.message ?? data.summary ?? data.text;
  if (typeof message === 'string') return message;
  const facts = Object.entries(data).filter(([key, value]) => value !== null && !/^(ok|success)$/.test(key));
  return facts.length === 0
    ? phrases.done
    : facts.map(([key, value]) => `- ${words(key)}: ${inline(value)}`).join('\n');
};

/** The JSON in a result, or its text where it holds none. Delimiters around the JSON are skipped. */
const parse = (content: string): unknown => {
  const json = /[[{][\s\S]*[\]}]/.exec(content)?.[0] ?? content;
  for (const candidate of [content, json])
    try {
      return JSON.parse(candidate);
    } catch {
      // The next candidate, or the text.
    }
  return content.replace(/<[^>]*>/g, ' ');
};

/** Takes off envelopes: MCP's `content`, and objects whose only key holds the data. */
const unwrap = (data: unknown): unknown => {
  if (!isRecord(data)) return data;
  if (data.structuredContent !== undefined) return unwrap(data.structuredContent);
  const part: unknown = Array.isArray(data.content) ? data.content[0] : undefined;
  if (isRecord(part) && typeof part.text === 'string') {
    const inner = unwrap(parse(part.text));
    return data.isError === true && failureOf(inner) === undefined ? { error: part.text } : inner;
  }
  const entries = Object.entries(data).filter(([key]) => key !== 'ok');
  const [only] = entries;
  return entries.length === 1 && only && only[0] !== 'error' && typeof only[1] === 'object' ? unwrap(only[1]) : data;
};

/** The reason of a failure in its own words, or `undefined` for a success. */
const failureOf = (data: unknown): string | undefined => {
  if (typeof data === 'string') return /^(error|failed)\b/i.test(data.trim()) ? data.trim() : undefined;
  if (!isRecord(data)) return undefined;
  const { error, message, ok, success } = data;
  if (isRecord(error))
    return [error.code, error.message].filter((text) => typeof text === 'string').join(': ') || 'error';
  if (typeof error === 'string' && error !== '') return typeof message === 'string' ? `${error}: ${message}` : error;
  return ok === false || success === false ? (typeof message === 'string' ? message : 'error') : undefined;
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const words = (key: string): string =>
  key
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .replaceAll('_', ' ')
    .toLowerCase();

const inline = (value: unknown): string => {
  if (Array.isArray(value)) return value.map(inline).join(', ');
  if (!isRecord(value)) return String(value);
  return Object.entries(value)
    .filter(([, inner]) => inner !== null)
    .map(([key, inner]) => `${words(key)} ${inline(inner)}`)
    .join(', ');
};
