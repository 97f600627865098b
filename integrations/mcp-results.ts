import type { CallToolResult, Tool } from '@modelcontextprotocol/sdk/types.js';
import { offeredTool, toolResult } from './tool-text.ts';
import type { OfferedTool, ToolResult } from './tools.ts';

/** An MCP tool as the port describes it. */
export const toOffered = ({ name, description = '', inputSchema }: Tool): OfferedTool =>
  offeredTool({ name, description, inputSchema });

/** Structured content where there is some, else the text blocks; what is neither is named, so that nothing vanishes unseen. */
export const toResult = ({ structuredContent, content, isError }: CallToolResult): ToolResult =>
  toolResult(!isError, structuredContent ?? content.map(toText).join('\n'));

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
