import type { OfferedTool, ToolResult } from './tools.ts';
import { capped, visible } from './untrusted-text.ts';

// What a provider of tools says, as it may enter a prompt.

/** Of one tool result, and of one tool's description, in bytes: what a prompt can bear. */
const MAX_RESULT_BYTES = 16 * 1024;
const MAX_DESCRIPTION_BYTES = 2 * 1024;

/** A tool as its provider describes it; what it says of itself is as untrusted as its results. */
export const offeredTool = ({ name, description, inputSchema }: OfferedTool): OfferedTool => ({
  name,
  description: capped(visible(description), MAX_DESCRIPTION_BYTES),
  inputSchema: readable(inputSchema),
});

/** The schema with its prose cleaned. Everything else is left as it is: patterns and enums must match what they match. */
const readable = (schema: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, readableAt(key, value)]));

const readableAt = (key: string, value: unknown): unknown => {
  if (typeof value === 'string') return key === 'description' || key === 'title' ? visible(value) : value;
  if (Array.isArray(value)) return value.map((inner) => readableAt('', inner));
  return isObject(value) ? readable(value) : value;
};

const isObject = (value: unknown): value is Record<string, unknown> => typeof value === 'object' && value !== null;

/** A text stays text; anything else becomes JSON. */
export const toolResult = (ok: boolean, said: unknown): ToolResult => ({
  ok,
  content: capped(visible(typeof said === 'string' ? said : toJson(said)), MAX_RESULT_BYTES),
});

/** The call was refused before the tool saw it: an answer to the model like any other. */
export const refusedCall = (message: string): ToolResult => toolResult(false, { error: message });

/** Strings are cleaned before they are escaped, or a NUL would travel on as `\u0000`, which jsonb refuses. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? visible(inner) : inner));
