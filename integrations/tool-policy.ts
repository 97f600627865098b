import { Ajv, type ValidateFunction } from 'ajv';
import { Ajv2020 } from 'ajv/dist/2020.js';
import type { PlaybookTool } from '../contracts/playbook.ts';
import { isStorable } from '../contracts/text.ts';
import type { ToolDescription } from './model.ts';
import type { OfferedTool } from './tools.ts';

/**
 * For whom a tool is called. `customerId` is the verified one of the session, `null` for a visitor; `effectKey` belongs to one
 * effect alone, and is the same however often it is tried.
 */
export type ToolContext = { customerId: string | null; conversationId: string; effectKey: string };

export type BuiltArguments =
  /** `given` is the model's part, `args` what is sent. */
  | { ok: true; tool: PlaybookTool; given: Record<string, unknown>; args: Record<string, unknown> }
  /** `message` is for the model, so that it can do better. */
  | {
      ok: false;
      reason: 'unknown_tool' | 'unavailable' | 'not_allowed' | 'bad_json' | 'bad_arguments';
      message: string;
    };

export interface ToolPolicy {
  /** What the model is told in this conversation: tools this subject may use, without the injected arguments. */
  describe(context: Omit<ToolContext, 'effectKey'>): ToolDescription[];
  /** From the model's argument text to what is sent to the provider. The model is an untrusted user. */
  buildArguments(name: string, text: string, context: ToolContext): BuiltArguments;
  /** The same for the gate's own calls, to undo or look up an effect, of which the model knows nothing. */
  buildHidden(name: string, given: Record<string, unknown>, context: ToolContext): BuiltArguments;
  /** Tools that the playbook lists and nobody can call, with the reason, for the operator. */
  readonly missing: { name: string; reason: string }[];
}

/** The model's arguments for one call, in UTF-16 code units: no honest call is longer. */
const MAX_ARGUMENTS = 16 * 1024;

type Entry = { tool: PlaybookTool; description: ToolDescription; allowed: Set<string>; validate: ValidateFunction };

/**
 * Joins what the playbook allows with what the providers (by name) offer. Pure, but compiles every schema (20 tools: 50 ms
 * on a busy core): make it once per playbook and tool lists, not per call.
 */
export const createToolPolicy = (tools: PlaybookTool[], offers: Map<string, OfferedTool[]>): ToolPolicy => {
  const compile = createCompiler();
  const byName = new Map(tools.map((tool) => [tool.name, tool]));
  const entries = new Map<string, Entry>();
  const missing: ToolPolicy['missing'] = [];
  for (const tool of tools) {
    const offered = offers.get(tool.provider)?.find(({ name }) => name === tool.name);
    const entry = offered ? toEntry(tool, offered, compile) : `provider "${tool.provider}" does not offer it`;
    if (typeof entry === 'string') missing.push({ name: tool.name, reason: entry });
    else entries.set(tool.name, entry);
  }

  const build = (name: string, text: string, context: ToolContext, hidden: boolean): BuiltArguments => {
    const listed = byName.get(name);
    if (!listed || listed.hidden !== hidden)
      return { ok: false, reason: 'unknown_tool', message: 'There is no tool of this name.' };
    const entry = entries.get(name);
    if (!entry) return { ok: false, reason: 'unavailable', message: 'This tool cannot be used right now.' };
    const { tool, allowed, validate } = entry;
    if (!isAllowed(tool, context))
      return { ok: false, reason: 'not_allowed', message: 'Only a signed-in customer can use this tool.' };
    const given = parseObject(text);
    if (!given)
      return { ok: false, reason: 'bad_json', message: 'The arguments must be one JSON object of at most 16 KiB.' };
    const extra = Object.keys(given).find((key) => !allowed.has(key));
    if (extra !== undefined)
      return {
        ok: false,
        reason: 'bad_arguments',
        message: `This tool takes only: ${[...allowed].join(', ') || 'nothing'}.`,
      };
    const args = { ...given, ...injected(tool, context) };
    if (!validate(args)) return { ok: false, reason: 'bad_arguments', message: complaint(validate) };
    return { ok: true, tool, given, args };
  };

  return {
    missing,
    describe: (context) =>
      [...entries.values()]
        .filter(({ tool }) => !tool.hidden && isAllowed(tool, context))
        .map(({ description }) => description),
    buildArguments: (name, text, context) => build(name, text, context, false),
    buildHidden: (name, given, context) => build(name, JSON.stringify(given), context, true),
  };
};

const isAllowed = ({ use }: PlaybookTool, { customerId }: Omit<ToolContext, 'effectKey'>): boolean =>
  use === 'anyone' || customerId !== null;

const injected = ({ inject }: PlaybookTool, context: ToolContext): Record<string, unknown> =>
  Object.fromEntries(Object.entries(inject).map(([argument, from]) => [argument, injectedValue(from, context)]));

const injectedValue = (from: PlaybookTool['inject'][string], context: ToolContext): unknown => {
  switch (from) {
    case 'customer.id':
      return context.customerId;
    case 'conversation.id':
      return context.conversationId;
    case 'effect.key':
      return context.effectKey;
    default:
      return from.value;
  }
};

/**
 * The entry, or why there is none. An injected argument that the schema does not have is such a reason: the server may have
 * renamed it, and under its new name the model could fill it in.
 */
const toEntry = (
  tool: PlaybookTool,
  { name, description, inputSchema }: OfferedTool,
  compile: ReturnType<typeof createCompiler>,
): Entry | string => {
  const { $schema: dialect, $id: _, ...schema } = inputSchema;
  if (COMBINED.some((keyword) => keyword in schema)) return `its arguments are combined by ${COMBINED.join(', ')}`;
  const properties = Object.entries(isRecord(schema.properties) ? schema.properties : {});
  const absent = Object.keys(tool.inject).find((argument) => !properties.some(([key]) => key === argument));
  if (absent !== undefined) return `it has no argument "${absent}" to inject`;
  const seen = properties.filter(([key]) => !Object.hasOwn(tool.inject, key));
  const required = Array.isArray(schema.required) ? schema.required : [];
  try {
    return {
      tool,
      allowed: new Set(seen.map(([key]) => key)),
      validate: compile(schema, dialect),
      description: {
        name,
        description,
        parameters: {
          ...schema,
          properties: Object.fromEntries(seen),
          required: required.filter((key) => !Object.hasOwn(tool.inject, String(key))),
          additionalProperties: false,
        },
      },
    };
  } catch (error) {
    return `its schema does not compile: ${error instanceof Error ? error.message : String(error)}`;
  }
};

/** At the root these could name an injected argument in a place where it is not looked for. */
const COMBINED = ['$ref', 'allOf', 'anyOf', 'oneOf', 'patternProperties'];

/** One compiler per dialect, since making one costs more than using it. Formats are the provider's own to check. */
const createCompiler = () => {
  const options = { strict: false, validateFormats: false, logger: false } as const;
  let draft7: Ajv | undefined;
  let draft2020: Ajv2020 | undefined;
  return (schema: Record<string, unknown>, dialect: unknown): ValidateFunction => {
    if (String(dialect).includes('draft-07')) {
      draft7 ??= new Ajv(options);
      return draft7.compile(schema);
    }
    draft2020 ??= new Ajv2020(options);
    return draft2020.compile(schema);
  };
};

/** Models write nothing at all where a tool takes no arguments. Texts that no store can hold are refused here. */
const parseObject = (text: string): Record<string, unknown> | null => {
  if (text.trim() === '') return {};
  if (text.length > MAX_ARGUMENTS) return null;
  try {
    const value: unknown = JSON.parse(text, (_key, inner: unknown) => {
      if (typeof inner === 'string' && !isStorable(inner)) throw new SyntaxError('not storable');
      return inner;
    });
    return isRecord(value) ? value : null;
  } catch {
    return null;
  }
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const complaint = ({ errors }: ValidateFunction): string => {
  const [error] = errors ?? [];
  return `${error?.instancePath.slice(1).replaceAll('/', '.') || 'The arguments'} ${error?.message ?? 'are wrong'}.`;
};
