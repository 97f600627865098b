import type { Operation, Parameter } from './openapi-document.ts';
import type { OutboundRequest } from './outbound.ts';

/** What is sent, or, for the model, why these arguments cannot be. */
export type BuiltRequest = { ok: true; request: OutboundRequest } | { ok: false; message: string };

/** Makes an operation's request out of arguments that fit its schema. No value can leave its place in the address. */
export const toRequest = (
  { method, url, parameters, body }: Operation,
  args: Record<string, unknown>,
  auth: Record<string, string>,
): BuiltRequest => {
  const given = parameters.filter(({ name }) => args[name] !== undefined);
  const at = (place: Parameter['in']) => given.filter((parameter) => parameter.in === place);

  let path = url;
  for (const { name } of at('path')) {
    const value = listed(args[name]);
    // Dots alone are resolved by whoever reads the address, encoded or not.
    if (/^\.{0,2}$/.test(value)) return { ok: false, message: `${name} cannot be "${value}".` };
    path = path.replaceAll(`{${name}}`, encodeURIComponent(value));
  }
  const address = new URL(path);
  for (const { name, explode } of at('query')) {
    const value = args[name];
    for (const one of explode && Array.isArray(value) ? value : [listed(value)])
      address.searchParams.append(name, String(one));
  }

  const headers: Record<string, string> = { accept: 'application/json' };
  const ours = Object.keys(auth).map((name) => name.toLowerCase());
  for (const { name } of at('header')) {
    if (ours.includes(name.toLowerCase())) continue;
    const value = listed(args[name]);
    if (!/^[\x20-\x7e]*$/.test(value)) return { ok: false, message: `${name} must be plain ASCII on one line.` };
    headers[name] = value;
  }
  const json = bodyOf(body, args);
  if (json !== undefined) headers['content-type'] = 'application/json';
  return {
    ok: true,
    request: {
      method,
      url: address.href,
      headers: { ...headers, ...auth },
      ...(json !== undefined && { body: JSON.stringify(json) }),
    },
  };
};

const bodyOf = (body: Operation['body'], args: Record<string, unknown>): unknown => {
  if (body === null) return undefined;
  if ('argument' in body) return args[body.argument];
  const fields = body.properties.filter((name) => args[name] !== undefined).map((name) => [name, args[name]] as const);
  return fields.length > 0 ? Object.fromEntries(fields) : undefined;
};

const listed = (value: unknown): string => (Array.isArray(value) ? value.map(String).join(',') : String(value));
