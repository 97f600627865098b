import type { AgentAccount } from '../../contracts/agents.ts';

/** Who works at the sample company. */
export const agents: AgentAccount[] = [
  {
    ...{ id: 'maya@acme.example', name: 'Maya', role: 'agent', desks: ['orders', 'returns'], capacity: 3 },
    ...{ skills: ['orders', 'payments', 'returns', 'refunds'], languages: ['en', 'fr', 'es'] },
  },
  {
    ...{ id: 'jonas@acme.example', name: 'Jonas', role: 'agent', desks: ['orders', 'returns', 'gear'], capacity: 3 },
    ...{ skills: ['accounts', 'warranty', 'camping', 'footwear', 'snow'], languages: ['en', 'de', 'pt'] },
  },
  {
    ...{ id: 'nora@acme.example', name: 'Nora', role: 'supervisor', desks: ['orders', 'returns', 'gear'], capacity: 5 },
    ...{ skills: ['orders', 'payments', 'accounts', 'returns', 'refunds', 'warranty'], languages: ['en', 'de', 'fr'] },
  },
];
