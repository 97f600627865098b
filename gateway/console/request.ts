import type { FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { AgentAccount } from '../../contracts/agents.ts';
import { conversationId } from '../../contracts/ids.ts';
import type { Playbook } from '../../contracts/playbook.ts';
import type { ConsoleCookies } from './cookies.ts';
import { Declined, notFound } from './declined.ts';
import type { OpenIdOptions } from './open-id-provider.ts';
import type { OwnOrigin } from './own-origin.ts';

export type ApiOptions = {
  playbook: Playbook;
  origin: OwnOrigin;
  isSecure: boolean;
  /** Without it everybody has a password here. */
  openId: OpenIdOptions | undefined;
};

/** What routes are given besides the parts of the console. */
export type ApiDeps = ApiOptions & { cookies: ConsoleCookies };

/** The agent of a route that needs one. */
export const agentOf = ({ agent }: FastifyRequest): AgentAccount => {
  if (!agent) throw new Declined(401, 'sign in');
  return agent;
};

/** What came, checked. Says which field is wrong, and nothing of what it held. */
export const taken = <S extends z.ZodType>(schema: S, value: unknown): z.infer<S> => {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [first] = parsed.error.issues;
  const path = first?.path.filter((key) => typeof key !== 'symbol').join('.');
  throw new Declined(400, `${path || 'body'}: ${first?.code === 'unrecognized_keys' ? 'unknown key' : 'not valid'}`);
};

/** The conversation in a route's address: what cannot be an id is as unknown as any other. */
export const conversationOf = ({ params }: FastifyRequest): string => {
  const id = conversationId.safeParse(paramOf(params, 'id'));
  if (!id.success) throw notFound();
  return id.data;
};

export const paramOf = (params: unknown, name: string): unknown =>
  typeof params === 'object' && params !== null ? Reflect.get(params, name) : undefined;
