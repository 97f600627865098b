import { Ajv } from 'ajv';
import { z } from 'zod';
import type { ChatMessage, ChatModel, ModelPart, Prompt, ToolCall, ToolDescription } from './model.ts';

const wanted = z.object({ tool: z.string(), arguments: z.record(z.string(), z.unknown()).default({}) });

/** An answer of this length that has not turned out to be a call is text. */
const MAX_CALL = 20_000;

/**
 * Tools for a server that has none: they are described in the prompt, and a call is an answer that is one JSON object,
 * `{"tool": name, "arguments": {…}}`. It counts as one only when the tool is offered and its schema accepts the arguments; all
 * else is text. Text streams from its first character that no call begins with.
 */
export const promptedTools = (model: ChatModel): ChatModel => ({
  async *stream(prompt, signal, caller) {
    if (prompt.tools.length === 0 && !prompt.messages.some(({ role }) => role === 'tool')) {
      yield* model.stream(prompt, signal, caller);
      return;
    }
    const accepts = acceptorOf(prompt.tools);
    let held: string | null = '';
    for await (const part of model.stream(described(prompt), signal, caller)) {
      if (part.type === 'text' && held !== null) {
        held += part.text;
        if (mayBeCall(held)) continue;
        yield { type: 'text', text: held };
        held = null;
      } else if (part.type === 'finish' && held) {
        yield* ended(part, held, accepts);
      } else yield part;
    }
  },
});

const ended = function* (
  part: Extract<ModelPart, { type: 'finish' }>,
  held: string,
  accepts: (call: ToolCall) => boolean,
): Generator<ModelPart> {
  const call = part.reason === 'stop' ? callIn(held) : null;
  const isCall = call !== null && accepts(call);
  yield isCall ? { type: 'tools', calls: [call] } : { type: 'text', text: held };
  yield isCall ? { ...part, reason: 'tools' } : part;
};

/** Also between code fences, which models put around JSON whatever they are told. */
const mayBeCall = (text: string): boolean => {
  const start = text.trimStart();
  return text.length < MAX_CALL && (start.startsWith('{') || start.startsWith('```') || '```'.startsWith(start));
};

const callIn = (text: string): ToolCall | null => {
  const [, json = ''] = /^\s*(?:```(?:json)?\s*)?(\{[\s\S]*\})\s*(?:```)?\s*$/.exec(text) ?? [];
  try {
    const { tool, arguments: args } = wanted.parse(JSON.parse(json));
    return { id: 'prompted', name: tool, arguments: JSON.stringify(args) };
  } catch {
    return null;
  }
};

const acceptorOf = (tools: readonly ToolDescription[]) => {
  const ajv = new Ajv({ strict: false, validateFormats: false });
  return ({ name, arguments: args }: ToolCall): boolean => {
    const tool = tools.find((offered) => offered.name === name);
    return tool !== undefined && ajv.validate(tool.parameters, JSON.parse(args)) === true;
  };
};

const described = ({ messages, tools, maxTokens }: Prompt): Prompt => ({
  messages: [
    ...(tools.length > 0 ? [{ role: 'system' as const, content: manual(tools) }] : []),
    ...messages.map(toPlain),
  ],
  tools: [],
  maxTokens,
});

const manual = (tools: readonly ToolDescription[]): string =>
  [
    'To look something up, answer with nothing but one JSON object: {"tool": "<name>", "arguments": {…}}. The result follows as a',
    'message between <tool-result> and </tool-result>; then go on. These tools are there, with the JSON Schema of their arguments:',
    ...tools.map((tool) => JSON.stringify(tool)),
  ].join('\n');

/** Calls and results as the model has seen them: its own JSON, and data in a block. */
const toPlain = (message: ChatMessage): ChatMessage => {
  if (message.role === 'tool')
    return { role: 'user', content: `<tool-result>\n${message.content.replaceAll('<', '‹')}\n</tool-result>` };
  if (message.role !== 'assistant' || !message.toolCalls) return message;
  const calls = message.toolCalls.map(
    ({ name, arguments: args }) => `{"tool":${JSON.stringify(name)},"arguments":${args}}`,
  );
  return { role: 'assistant', content: [message.content, ...calls].filter(Boolean).join('\n') };
};
