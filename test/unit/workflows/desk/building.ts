import type { AgentProfile, Handoff } from '../../../../contracts/desk.ts';
import type { DeskPolicy } from '../../../../contracts/desk-work.ts';

/** A desk that is always open and patient. Milliseconds. */
export const policyOf = (policy: Partial<DeskPolicy> = {}): DeskPolicy => ({
  ringMs: 20_000,
  restMs: 60_000,
  missesUntilAway: 2,
  wrapUpMs: 0,
  firstReplyMs: 120_000,
  agingMs: 60_000,
  relaxMs: 300_000,
  handleMs: 300_000,
  whenClosed: 'wait',
  open: null,
  ...policy,
});

export const agentOf = (id: string, profile: Partial<AgentProfile> = {}): AgentProfile => ({
  id,
  name: id,
  skills: [],
  languages: ['en'],
  capacity: 1,
  ...profile,
});

export const handoffOf = (conversationId: string, handoff: Partial<Handoff> = {}): Handoff => ({
  conversationId,
  term: 1,
  reason: 'asked',
  language: 'en',
  skills: [],
  weight: 1,
  priority: 0,
  at: 0,
  ...handoff,
});
