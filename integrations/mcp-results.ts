import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import type { OfferedTool, ToolResult } from './tools.ts';
import { capped, visible } from './untrusted-text.ts';

/** Of one tool result, and of one tool's description, in bytes: what a prompt can bear. */
const MAX_RESULT_BYTES = 16 * 1024;
const MAX_DESCRIPTION_BYTES = 2 * 1024;

/** An MCP tool as the port describes it; what it says of itself is as untrusted as its results. */
export const toOffered = ({ name, description, inputSchema }: Tool): OfferedTool => ({
  name,
  description: capped(visible(description ?? ''), MAX_DESCRIPTION_BYTES),
  inputSchema: readable(inputSchema),
});

/** The schema with its prose cleaned. Everything else is left as it is: patterns and enums must match what they match. */
const readable = (schema: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, readableAt(key, value)]));

const readableAt = (key: string, value: unknown): unknown => {
  if (typeof value === 'string') return key === 'description' || key === 'title' ? visible(value) : value;
  return isObject(value) ? readable(value) : value;
};

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Structured content where there is some, else the text blocks; what is neither is named, so that nothing vanishes unseen. */
export const toResult = ({ structuredContent, content, isError }: CallToolResult): ToolResult => ({
  ok: !isError,
  content: capped(
    visible(structuredContent ? toJson(structuredContent) : content.map(toText).join('\n')),
    MAX_RESULT_BYTES,
  ),
});

/** The tool refused the call by an error of the protocol: an answer to the model like any other. */
export const toRefusal = (message: string): ToolResult => ({
  ok: false,
  content: capped(visible(toJson({ error: message })), MAX_RESULT_BYTES),
});

/** Strings are cleaned before they are escaped, or a NUL would travel on as `\u0000`, which jsonb refuses. */
const toJson = (value: unknown): string =>
  JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'string' ? visible(inner) : inner));

const toText = (block: CallToolResult['content'][number]): string => {
  switch (block.type) {
    case 'text':
      return block.text;
    case 'resource':
      return 'text' in block.resource ? block.resource.text : `[${block.resource.uri} left out]`;
    case 'resource_link':
      return `[${block.uri} left out]`;
    default:
      return `[${block.type} left out]`;
  }
};
