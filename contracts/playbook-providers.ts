import { z } from 'zod';
import { name, text, toolName, webAddress } from './playbook-values.ts';

// Where a playbook's tools come from.

/** A child process that speaks MCP on stdin and stdout, or an MCP address. */
const mcp = z.union(
  [
    /** Started in the playbook's folder. `${DATABASE_URL}` in a value of `env` stands for that setting of the worker. */
    z.strictObject({
      command: text,
      args: z.array(z.string()).default([]),
      env: z.record(z.string().regex(/^\w+$/), z.string()).default({}),
    }),
    z.strictObject({ url: webAddress }),
  ],
  { error: 'must be { command, args, env } or { url }' },
);

/** `${DESK_TOOL_SHOP_KEY}` in a value stands for that setting of the worker. */
const openApiAuth = z.union(
  [
    z.strictObject({ bearer: text }),
    z.strictObject({ header: z.string().regex(/^[A-Za-z][A-Za-z0-9-]{0,63}$/), value: text }),
  ],
  { error: 'must be { bearer } or { header, value }' },
);

/** An HTTP API that an OpenAPI document (3.0 or later) describes. Each listed operation is a tool of that name. */
const openapi = z.strictObject({
  /** A file of the playbook's folder, or an address. It must be whole: other documents that it points to are not read. */
  document: z.union([webAddress, z.string().regex(/^(?!.*\.\.)[\w-][\w./-]*\.(json|ya?ml)$/)], {
    error: 'must be a file of this folder like shop-api.yaml, or an address',
  }),
  /** Where it is served; else the first of the document's servers. */
  server: webAddress.optional(),
  /** Ids of operations. */
  operations: z.array(toolName).min(1),
  auth: openApiAuth.optional(),
});

/** What offers tools: one of `mcp` and `openapi`. */
export const provider = z.strictObject({ name, mcp: mcp.optional(), openapi: openapi.optional() });

/** The provider that is always there: the desk's own tools. */
export const DESK_PROVIDER = 'desk';
