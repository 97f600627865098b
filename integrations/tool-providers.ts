import type { PlaybookProvider } from '../contracts/playbook.ts';
import { createMcpProvider } from './mcp.ts';
import type { ToolProvider } from './tools.ts';

type Surroundings = {
  /** The playbook's folder: commands run in it. */
  folder: string;
  /** The only settings that a playbook may pass on to a provider, by name: it must not be able to read our secrets. */
  settings: Record<string, string>;
};

/** One provider per entry of the playbook; none is started yet. Throws when an entry asks for a setting it may not have. */
export const createToolProviders = (entries: PlaybookProvider[], { folder, settings }: Surroundings): ToolProvider[] =>
  entries.map(({ name, mcp }) =>
    createMcpProvider(
      'url' in mcp ? { name, url: mcp.url } : { ...mcp, name, cwd: folder, env: expand(name, mcp.env, settings) },
    ),
  );

const expand = (provider: string, env: Record<string, string>, settings: Record<string, string>) =>
  Object.fromEntries(
    Object.entries(env).map(([variable, value]) => [
      variable,
      value.replace(/\$\{([^}]*)\}/g, (_, setting: string) => {
        if (Object.hasOwn(settings, setting)) return settings[setting] ?? '';
        const allowed = Object.keys(settings).join(', ') || 'none';
        throw new Error(
          `DESK_PLAYBOOK: provider "${provider}" env.${variable} asks for \${${setting}}; it may have: ${allowed}`,
        );
      }),
    ]),
  );
