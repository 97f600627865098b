import { join } from 'node:path';
import type { PlaybookProvider } from '../contracts/playbook.ts';
import { createMcpProvider } from './mcp.ts';
import { createOpenApiProvider } from './openapi.ts';
import { createOutbound } from './outbound.ts';
import type { ToolProvider } from './tools.ts';

type Surroundings = {
  /** The playbook's folder: commands run in it, documents lie in it. */
  folder: string;
  /** The only settings that a playbook may pass on to a provider, by name: it must not be able to read our secrets. */
  settings: Record<string, string>;
  /** Addresses outside the public internet where APIs of OpenAPI documents may be. */
  allow?: readonly string[];
};

/** One provider per entry of the playbook; none is started yet. Throws when an entry asks for a setting it may not have. */
export const createToolProviders = (entries: PlaybookProvider[], surroundings: Surroundings): ToolProvider[] =>
  entries.map((entry) => toProvider(entry, surroundings));

const toProvider = ({ name, mcp, openapi }: PlaybookProvider, { folder, settings, allow = [] }: Surroundings) => {
  const expanded = (values: Record<string, string>) =>
    Object.fromEntries(Object.entries(values).map(([key, value]) => [key, expand(name, key, value, settings)]));
  if (openapi) {
    const { document, server, operations, auth } = openapi;
    return createOpenApiProvider({
      name,
      document: /^https?:/.test(document) ? document : join(folder, document),
      ...(server !== undefined && { server }),
      operations,
      auth: expanded(authHeaders(auth)),
      outbound: createOutbound({ allow }),
    });
  }
  if (!mcp) throw new Error(`DESK_PLAYBOOK: provider "${name}" must have one of mcp and openapi`);
  return createMcpProvider(
    'url' in mcp ? { name, url: mcp.url } : { ...mcp, name, cwd: folder, env: expanded(mcp.env) },
  );
};

const authHeaders = (auth: NonNullable<PlaybookProvider['openapi']>['auth']): Record<string, string> => {
  if (!auth) return {};
  return 'bearer' in auth ? { authorization: `Bearer ${auth.bearer}` } : { [auth.header]: auth.value };
};

const expand = (provider: string, key: string, value: string, settings: Record<string, string>): string =>
  value.replace(/\$\{([^}]*)\}/g, (_, setting: string) => {
    if (Object.hasOwn(settings, setting)) return settings[setting] ?? '';
    const allowed = Object.keys(settings).join(', ') || 'none';
    throw new Error(`DESK_PLAYBOOK: provider "${provider}" ${key} asks for \${${setting}}; it may have: ${allowed}`);
  });
