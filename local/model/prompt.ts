import { type Language, languageFor } from './language.ts';
import type { ChatRequest, RequestMessage, Tool } from './request.ts';

export type Article = { title: string; text: string };

/** A past exchange: what the customer said in one go, and what the assistant said to it. */
export type Exchange = { customer: string; assistant: string };

/** A prompt as this model understands it. */
export type Reading = {
  language: Language;
  /** The assistant's name, when the instructions give one. */
  persona: string | undefined;
  /** `Key: value` lines of the instructions. */
  facts: ReadonlyMap<string, string>;
  articles: Article[];
  /** Oldest first. */
  exchanges: Exchange[];
  /** Everything the customer said since the assistant last answered. */
  message: string;
  /** Results of the calls just made, when the prompt ends with them. */
  results: { tool: string; content: string }[];
  tools: Tool[];
  /** A tool that has to be called: by name, or any (`true`). */
  forced: string | boolean;
};

/** Takes a request apart: instructions, articles, what was said, what tools returned. */
export const readPrompt = (request: ChatRequest): Reading => {
  const { messages, tools, tool_choice: choice } = request;
  const system = messages
    .filter(isInstruction)
    .map(({ content }) => content)
    .join('\n\n');
  const instructions = system.replace(KNOWLEDGE, '');
  const { exchanges, message } = readConversation(messages);
  return {
    language: languageFor(instructions, [...exchanges.map(({ customer }) => customer), message]),
    persona: /\b[Yy]ou are (\p{Lu}[\p{L}-]+)/u.exec(instructions)?.[1],
    facts: readFacts(instructions),
    articles: [...system.matchAll(ARTICLE)].map(([, title = '', text = '']) => ({
      title: unescaped(title),
      text: unescaped(text),
    })),
    exchanges,
    message,
    results: readResults(messages),
    tools: choice === 'none' ? [] : tools.map((tool) => tool.function),
    forced: typeof choice === 'object' ? choice.function.name : choice === 'required',
  };
};

const KNOWLEDGE = /<knowledge>[\s\S]*?(?:<\/knowledge>|$)/g;
const ARTICLE = /<article\b[^>]*?\btitle="([^"]*)"[^>]*>([\s\S]*?)<\/article>/g;

const unescaped = (text: string): string =>
  text.includes('&')
    ? text.replace(/&(lt|gt|quot|amp);/g, (_, name: keyof typeof ENTITIES) => ENTITIES[name]).trim()
    : text.trim();

const ENTITIES = { lt: '<', gt: '>', quot: '"', amp: '&' };

const isInstruction = ({ role }: RequestMessage): boolean => role === 'system' || role === 'developer';

const readFacts = (instructions: string): Map<string, string> =>
  new Map(
    [...instructions.matchAll(/^[-*\s]*([\p{L}][\p{L} _-]{1,30}):[ \t]+(\S.*)$/gmu)].map(([, key = '', value = '']) => [
      key,
      value.trim(),
    ]),
  );

/** Customers write several messages in a row, and a turn with tools holds several of the assistant's: each is one. */
const readConversation = (messages: readonly RequestMessage[]): { exchanges: Exchange[]; message: string } => {
  const exchanges: Exchange[] = [];
  let customer: string[] = [];
  let assistant: string[] = [];
  for (const { role, content } of messages)
    if (role === 'user') {
      if (assistant.length > 0) {
        exchanges.push({ customer: customer.join('\n'), assistant: assistant.join('\n\n') });
        customer = [];
        assistant = [];
      }
      customer.push(content);
    } else if (role === 'assistant' && content !== '') assistant.push(content);
  const answered = messages.at(-1)?.role === 'assistant';
  if (answered) exchanges.push({ customer: customer.join('\n'), assistant: assistant.join('\n\n') });
  return { exchanges, message: answered ? '' : customer.join('\n') };
};

const readResults = (messages: readonly RequestMessage[]): Reading['results'] => {
  const calls = new Map<string, string>();
  const results: Reading['results'] = [];
  for (const message of messages)
    if (message.role === 'tool')
      results.push({ tool: calls.get(message.tool_call_id) ?? '', content: message.content });
    else {
      results.length = 0;
      if (message.role === 'assistant')
        for (const call of message.tool_calls ?? []) calls.set(call.id, call.function.name);
    }
  return results;
};
