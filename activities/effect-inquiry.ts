import type { PlaybookTool } from '../contracts/playbook.ts';
import { type ToolResult, ToolUnavailable } from '../integrations/tools.ts';

// How to read what a provider says, or does not say, of an effect.

/** How a provider says that it cannot tell whether it was done: its own store went away in the middle, say. */
export const DOES_NOT_KNOW = /"outcome"\s*:\s*"unknown"/;

/** The provider is told the key: the same call again gets the first answer, or, where there is a lookup, it can be found by it. */
export const isRepeatable = (tool: PlaybookTool | undefined): boolean =>
  tool !== undefined && Object.values(tool.inject).includes('effect.key');

/** The lookup's own error is no proof that there is nothing: only an answer without `error` is one that something is there. */
export const ask = async (looked: Promise<ToolResult>): Promise<ToolResult | 'unavailable' | null> => {
  try {
    const result = await looked;
    const nothing = /"error"\s*:\s*"not_?found"/i.test(result.content);
    if (nothing) return null;
    return result.ok ? result : 'unavailable';
  } catch (error) {
    if (error instanceof ToolUnavailable) return 'unavailable';
    throw error;
  }
};

export const errorOf = (error: string, message: string): string => JSON.stringify({ error, message });
