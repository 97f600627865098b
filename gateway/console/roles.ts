import type { AgentRole } from '../../contracts/agents.ts';

/** Which role a route needs at least; the only place that says so. A route without a row cannot be registered. */
export const ROUTES = {
  'GET /sign-in': 'anybody',
  'POST /sign-in': 'anybody',
  'GET /openid': 'anybody',
  'GET /openid/callback': 'anybody',
  'POST /sign-out': 'agent',
  'GET /me': 'agent',
  'POST /status': 'agent',
  'GET /conversations': 'agent',
  'GET /conversations/:id': 'agent',
  'POST /offers': 'agent',
  'POST /conversations/:id/messages': 'agent',
  'POST /conversations/:id/notes': 'agent',
  'POST /conversations/:id/release': 'agent',
  'POST /conversations/:id/approvals': 'agent',
  'POST /conversations/:id/suggestion': 'agent',
  'GET /floor': 'supervisor',
  'POST /floor/desks/:desk': 'supervisor',
  'POST /floor/agents/:id': 'supervisor',
  'POST /floor/conversations/:id': 'supervisor',
} as const satisfies Record<string, AgentRole | 'anybody'>;

const RANK: Record<AgentRole, number> = { agent: 0, supervisor: 1, admin: 2 };

export const neededFor = (method: string, url: string): AgentRole | 'anybody' | undefined =>
  Object.entries(ROUTES).find(([route]) => route === `${method === 'HEAD' ? 'GET' : method} ${url}`)?.[1];

export const isAtLeast = (role: AgentRole, needed: AgentRole): boolean => RANK[role] >= RANK[needed];
