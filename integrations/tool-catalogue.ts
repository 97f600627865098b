import { inLanguage, type PlaybookTool } from '../contracts/playbook.ts';
import { createToolPolicy, type ToolPolicy } from './tool-policy.ts';
import { type OfferedTool, type ToolProvider, type ToolResult, ToolUnavailable } from './tools.ts';

export type ToolCatalogue = ReturnType<typeof createToolCatalogue>;

/**
 * What the playbook allows of what its providers offer, kept in step with them: a provider that was down when the worker
 * started joins when it is back, one that went down keeps its tools listed (a call then says that it is unavailable).
 */
export const createToolCatalogue = (tools: PlaybookTool[], providers: ToolProvider[], defaultLanguage: string) => {
  const byName = new Map(providers.map((provider) => [provider.name, provider]));
  let offers = new Map<string, OfferedTool[]>();
  let policy = createToolPolicy([], offers);

  const refresh = async (): Promise<ToolPolicy> => {
    const listed = await Promise.all(
      providers.map(async (provider) => [provider.name, await list(provider, offers.get(provider.name))] as const),
    );
    if (listed.some(([name, offered]) => offers.get(name) !== offered)) {
      offers = new Map(listed);
      policy = createToolPolicy(tools, offers);
    }
    return policy;
  };

  return {
    policy: refresh,

    /** What the customer reads while the tool runs; its name where the playbook has no such tool. */
    title: (name: string, language: string | undefined): string =>
      inLanguage(tools.find((tool) => tool.name === name)?.title ?? name, language, defaultLanguage),

    /** Rejects with `ToolUnavailable`. `args` come from the policy. */
    async call(tool: PlaybookTool, args: Record<string, unknown>, signal: AbortSignal): Promise<ToolResult> {
      const provider = byName.get(tool.provider);
      if (!provider) throw new ToolUnavailable(`there is no provider "${tool.provider}"`, 'not_sent');
      return provider.call(tool.name, args, signal, tool.timeout);
    },

    async close(): Promise<void> {
      await Promise.all(providers.map((provider) => provider.close()));
    },
  };
};

/** What the provider offers now, or offered before it went down. */
const list = async (provider: ToolProvider, before: OfferedTool[] | undefined): Promise<OfferedTool[]> => {
  try {
    return await provider.list();
  } catch (error) {
    if (error instanceof ToolUnavailable) return before ?? NOTHING;
    throw error;
  }
};

const NOTHING: OfferedTool[] = [];
