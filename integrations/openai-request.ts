import type {
  ChatCompletionCreateParamsStreaming,
  ChatCompletionMessageParam,
} from 'openai/resources/chat/completions';
import type { ChatMessage, Prompt } from './model.ts';

/** Our prompt as a streaming Chat Completions request. */
export const toRequest = (
  { messages, tools, maxTokens }: Prompt,
  model: string,
  baseUrl: string,
): ChatCompletionCreateParamsStreaming => ({
  model,
  messages: messages.map(toMessage),
  stream: true,
  stream_options: { include_usage: true },
  ...tokenLimit(maxTokens, baseUrl),
  // An empty list is refused by OpenAI.
  ...(tools.length > 0 ? { tools: tools.map((tool) => ({ type: 'function', function: tool })) } : {}),
});

/** OpenAI's reasoning models refuse `max_tokens`; Ollama and LM Studio ignore `max_completion_tokens`, unlimited then. */
const tokenLimit = (limit: number, baseUrl: string) =>
  /(^|\.)openai\.(azure\.)?com$/.test(new URL(baseUrl).hostname)
    ? { max_completion_tokens: limit }
    : { max_tokens: limit };

const toMessage = (message: ChatMessage): ChatCompletionMessageParam => {
  switch (message.role) {
    case 'tool':
      return { role: 'tool', tool_call_id: message.toolCallId, content: message.content };
    case 'assistant':
      return message.toolCalls?.length
        ? {
            role: 'assistant',
            content: message.content || null,
            tool_calls: message.toolCalls.map(({ id, name, arguments: args }) => ({
              id,
              type: 'function',
              function: { name, arguments: toParsable(args) },
            })),
          }
        : { role: 'assistant', content: message.content };
    default:
      return message;
  }
};

/**
 * vLLM and llama.cpp parse the arguments of earlier calls and refuse the whole request when one is not a JSON object,
 * forever after, since history does not change. The tool's error result tells the model what was wrong.
 */
const toParsable = (args: string): string => (isObject(args) ? args : '{}');

/** Whether a text is one complete JSON object. */
export const isObject = (json: string): boolean => {
  try {
    const parsed: unknown = JSON.parse(json);
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed);
  } catch {
    return false;
  }
};
