import { z } from 'zod';

const content = z
  .union([z.string(), z.array(z.looseObject({ type: z.string(), text: z.string().optional() }))])
  .nullish()
  .transform((value) => (typeof value === 'string' ? value : (value ?? []).map(({ text }) => text ?? '').join('')));

const toolCall = z.object({ id: z.string(), function: z.object({ name: z.string(), arguments: z.string() }) });

const message = z.discriminatedUnion('role', [
  z.object({ role: z.enum(['system', 'developer', 'user']), content }),
  z.object({ role: z.literal('assistant'), content, tool_calls: z.array(toolCall).nullish() }),
  z.object({ role: z.literal('tool'), content, tool_call_id: z.string() }),
]);

/** What a parameter's JSON Schema may say that helps to find its value in a sentence; the rest is ignored. */
const parameter = z.looseObject({
  type: z.union([z.string(), z.array(z.string())]).optional(),
  title: z.string().optional(),
  description: z.string().optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  examples: z.array(z.unknown()).optional(),
});

const tool = z.object({
  type: z.literal('function'),
  function: z.object({
    name: z.string(),
    description: z.string().default(''),
    parameters: z
      .looseObject({
        properties: z.record(z.string(), parameter).default({}),
        required: z.array(z.string()).default([]),
      })
      .default({ properties: {}, required: [] }),
  }),
});

const limit = z.int().min(1).nullish();

/** The part of OpenAI's `CreateChatCompletionRequest` that changes an answer. Unknown keys are ignored, as OpenAI's. */
export const chatRequest = z.object({
  model: z.string(),
  messages: z.array(message).min(1),
  tools: z.array(tool).default([]),
  tool_choice: z
    .union([z.enum(['none', 'auto', 'required']), z.object({ function: z.object({ name: z.string() }) })])
    .default('auto'),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().default(false) }).nullish(),
  max_tokens: limit,
  max_completion_tokens: limit,
  n: z.literal(1, { error: 'must be 1: this model has one answer' }).nullish(),
  response_format: z
    .object({ type: z.literal('text', { error: 'must be "text": this model writes no other format' }) })
    .nullish(),
});

export type ChatRequest = z.infer<typeof chatRequest>;
export type RequestMessage = z.infer<typeof message>;
export type Tool = z.infer<typeof tool>['function'];
export type Parameter = z.infer<typeof parameter>;
