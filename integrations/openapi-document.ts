import { dereference } from '@apidevtools/json-schema-ref-parser';
import { z } from 'zod';
import { offeredTool } from './tool-text.ts';
import type { OfferedTool } from './tools.ts';

export type Parameter = { name: string; in: 'path' | 'query' | 'header'; explode: boolean };

/** One operation of a document: the tool that it is to a model, and how its request is made. */
export type Operation = {
  tool: OfferedTool;
  method: string;
  /** Address and path, with `{name}` where a path parameter goes. */
  url: string;
  parameters: Parameter[];
  /** Where the JSON body comes from: the arguments that are its properties, one argument of this name, or there is none. */
  body: { properties: string[] } | { argument: string } | null;
};

/** The document is wrong, or describes what cannot be called from here. The message says what to change. */
export class DocumentRefused extends Error {
  override readonly name = 'DocumentRefused';
}

type Schema = Record<string, unknown>;

const schema = z.record(z.string(), z.unknown());
const content = z.record(z.string(), z.object({ schema: schema.default({}) }));
const parameter = z.object({
  name: z.string().min(1),
  in: z.enum(['path', 'query', 'header', 'cookie']),
  required: z.boolean().default(false),
  description: z.string().optional(),
  style: z.string().optional(),
  explode: z.boolean().default(true),
  schema: schema.optional(),
});
const operation = z.object({
  operationId: z.string().optional(),
  summary: z.string().default(''),
  description: z.string().default(''),
  parameters: z.array(parameter).default([]),
  requestBody: z.object({ required: z.boolean().default(false), content }).optional(),
});
const document = z.object({
  openapi: z.string(),
  servers: z.array(z.object({ url: z.string() })).default([]),
  paths: z.record(z.string(), z.looseObject({ parameters: z.array(parameter).default([]) })).default({}),
});

const METHODS = ['get', 'put', 'post', 'delete', 'patch', 'head', 'options'] as const;

/** Headers that OpenAPI leaves to the client. */
const NOT_PARAMETERS = ['accept', 'content-type', 'authorization'];

/** At the root of a body these could name a property in a place where the gate does not look. */
const COMBINED = ['$ref', 'allOf', 'anyOf', 'oneOf', 'not', 'patternProperties'];

/**
 * The operations of an OpenAPI document, parsed. It must be whole: nothing that it points to outside of itself is read.
 * Rejects with `DocumentRefused`.
 *
 * @param address where the document is from; a relative server is relative to it
 */
export const readOperations = async (
  source: unknown,
  { operations, server, address }: { operations: readonly string[]; server?: string; address?: string },
): Promise<Map<string, Operation>> => {
  const { servers, paths } = await parse(source);
  const base = serverOf(server ?? servers[0]?.url, address);
  const found = new Map<string, Operation>();
  for (const [path, item] of Object.entries(paths))
    for (const method of METHODS) {
      const parsed = item[method] === undefined ? undefined : checked(operation, item[method], `${method} ${path}`);
      const id = parsed?.operationId;
      if (!parsed || id === undefined || !operations.includes(id)) continue;
      const own = parsed.parameters;
      const inherited = item.parameters.filter((one) => !own.some((two) => one.name === two.name && one.in === two.in));
      found.set(id, toOperation(id, method, `${base}${path}`, { ...parsed, parameters: [...inherited, ...own] }));
    }
  const missing = operations.filter((id) => !found.has(id));
  if (missing.length > 0) throw new DocumentRefused(`it has no operation ${missing.join(', ')}`);
  return found;
};

const parse = async (source: unknown): Promise<z.infer<typeof document>> => {
  const { openapi, ...rest } = checked(z.looseObject({ openapi: z.string().default('') }), source, 'the document');
  if (!openapi.startsWith('3.')) throw new DocumentRefused('it must be OpenAPI 3.0 or later');
  const options = { resolve: { external: false }, dereference: { circular: 'ignore' as const } };
  const whole: unknown = await dereference(structuredClone({ openapi, ...rest }), options).catch((error: unknown) => {
    throw new DocumentRefused(`it points to what it does not have (${error instanceof Error ? error.name : 'Error'})`);
  });
  return checked(document, whole, 'the document');
};

const checked = <S extends z.ZodType>(shape: S, value: unknown, what: string): z.infer<S> => {
  const parsed = shape.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new DocumentRefused(`${what}: ${issue?.path.join('.')} ${issue?.message}`);
};

/** Without a slash at its end, since paths begin with one. */
const serverOf = (url: string | undefined, address: string | undefined): string => {
  const resolved = url !== undefined && !url.includes('{') && URL.canParse(url, address) ? new URL(url, address) : null;
  if (!resolved || !/^https?:$/.test(resolved.protocol) || resolved.search || resolved.hash)
    throw new DocumentRefused('it does not say where it is served: set server');
  return resolved.href.replace(/\/+$/, '');
};

const toOperation = (id: string, method: string, url: string, parsed: z.infer<typeof operation>): Operation => {
  const refuse = (why: string): never => {
    throw new DocumentRefused(`operation ${id} ${why}`);
  };
  const parameters = parsed.parameters.flatMap(({ in: place, ...rest }) => {
    if (place === 'cookie') return rest.required ? refuse(`needs the cookie ${rest.name}`) : [];
    if (place === 'header' && NOT_PARAMETERS.includes(rest.name.toLowerCase())) return [];
    const { schema: shape, style, name } = rest;
    if (!shape || shape.type === 'object' || (style !== undefined && style !== PLAIN[place]))
      return refuse(`has a parameter ${name} that is more than a value or a list`);
    return [{ ...rest, in: place, schema: shape }];
  });
  const inPath = [...url.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name);
  const absent = inPath.find((name) => !parameters.some((one) => one.in === 'path' && one.name === name));
  if (absent !== undefined) refuse(`does not describe {${absent}} of its path`);

  const properties: Record<string, Schema> = {};
  const required: string[] = [];
  const add = (name: string, shape: Schema, isRequired: boolean): void => {
    if (Object.hasOwn(properties, name)) refuse(`has two arguments named ${name}`);
    properties[name] = current(shape);
    if (isRequired) required.push(name);
  };
  for (const { name, schema: shape, description, required: isRequired } of parameters)
    add(name, { ...(description !== undefined && { description }), ...shape }, isRequired);

  const { requestBody } = parsed;
  let body: Operation['body'] = null;
  if (requestBody) {
    const [, json] =
      Object.entries(requestBody.content).find(([type]) => /^application\/([\w.-]+\+)?json\b/.test(type)) ?? [];
    if (!json) return refuse('takes no JSON');
    const fields = z.record(z.string(), schema).safeParse(json.schema.properties).data ?? {};
    const isSpread =
      Object.keys(fields).length > 0 &&
      !COMBINED.some((keyword) => keyword in json.schema) &&
      !Object.keys(fields).some((name) => Object.hasOwn(properties, name));
    if (isSpread) {
      const needed = requestBody.required ? (z.array(z.string()).safeParse(json.schema.required).data ?? []) : [];
      for (const [name, shape] of Object.entries(fields)) add(name, shape, needed.includes(name));
      body = { properties: Object.keys(fields) };
    } else {
      add('body', json.schema, requestBody.required);
      body = { argument: 'body' };
    }
  }
  const description = [parsed.summary, parsed.description].filter(Boolean).join('\n');
  const inputSchema = { type: 'object', properties, required, additionalProperties: false };
  return {
    tool: offeredTool({ name: id, description, inputSchema }),
    method: method.toUpperCase(),
    url,
    parameters: parameters.map(({ name, in: place, explode }) => ({ name, in: place, explode })),
    body,
  };
};

/** The one style of each place in which a list is its values with commas between, or the name once for each. */
const PLAIN = { path: 'simple', query: 'form', header: 'simple' } as const;

/** OpenAPI 3.0 says `exclusiveMinimum: true` where JSON Schema has had the number itself since draft 6. */
const current = (shape: Schema): Schema => {
  const { minimum, maximum, exclusiveMinimum, exclusiveMaximum, ...rest } = shape;
  return {
    ...Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, currentAt(value)])),
    ...bound('minimum', 'exclusiveMinimum', minimum, exclusiveMinimum),
    ...bound('maximum', 'exclusiveMaximum', maximum, exclusiveMaximum),
  };
};

const currentAt = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(currentAt);
  return isSchema(value) ? current(value) : value;
};

const isSchema = (value: unknown): value is Schema => typeof value === 'object' && value !== null;

const bound = (key: string, exclusiveKey: string, limit: unknown, exclusive: unknown): Schema => ({
  ...(limit !== undefined && exclusive !== true && { [key]: limit }),
  ...(exclusive === true && { [exclusiveKey]: limit }),
  ...(exclusive !== undefined && typeof exclusive !== 'boolean' && { [exclusiveKey]: exclusive }),
});
