import type { Agent, Entry } from '../../../../workflows/desk-records.ts';
import type { DeskState } from '../../../../workflows/desk-state.ts';

const couldServe = (agent: Agent, entry: Entry): boolean =>
  agent.status === 'online' &&
  agent.ringing === undefined &&
  agent.load + Math.min(entry.weight, agent.capacity) <= agent.capacity &&
  !entry.refusals.some((refusal) => refusal.agent === agent.id) &&
  (entry.wish
    ? entry.wish === agent.id
    : agent.languages.includes(entry.language) && entry.skills.every((skill) => agent.skills.includes(skill)));

/** Everything that must be true of a desk between two events, looked up the slow way; what is not, as sentences. */
export const violations = (desk: DeskState): string[] => {
  const agents = [...desk.agents];
  const entries = [...desk.entries];
  const found: string[] = [];
  for (const agent of agents) {
    const theirs = entries.filter((entry) => entry.agent === agent.id && entry.place !== 'returning');
    const weight = theirs.reduce((sum, entry) => sum + Math.min(entry.weight, agent.capacity), 0);
    if (agent.load !== weight) found.push(`${agent.id} has load ${agent.load} and holds ${weight}`);
    if (weight > agent.capacity) found.push(`${agent.id} holds ${weight} of ${agent.capacity}`);
    const offered = theirs.filter(({ place }) => place === 'offered');
    if (offered.length > 1) found.push(`${agent.id} is rung by ${offered.length} offers`);
    if (offered[0]?.conversationId !== agent.ringing) found.push(`${agent.id} rings ${agent.ringing}`);
    if (agent.status === 'offline' && theirs.some(({ place }) => place !== 'taking'))
      found.push(`${agent.id} is offline and holds something`);
  }
  const line = entries
    .filter(({ place }) => place === 'waiting' || place === 'offered' || place === 'taking')
    .toSorted((a, b) => a.key - b.key || a.seq - b.seq);
  for (const [i, { conversationId }] of line.entries())
    if (desk.position(conversationId) !== i + 1)
      found.push(`${conversationId} stands at ${desk.position(conversationId)} instead of ${i + 1}`);
  for (const entry of entries) {
    const isAlone = entry.place === 'waiting' || entry.place === 'returning';
    if (isAlone !== (entry.agent === undefined))
      found.push(`${entry.conversationId} is ${entry.place} by ${entry.agent}`);
    const isInLine = entry.place !== 'held' && entry.place !== 'returning';
    if (isInLine !== desk.position(entry.conversationId) > 0) found.push(`${entry.conversationId} is ${entry.place}`);
    const idle = entry.place === 'waiting' ? agents.find((agent) => couldServe(agent, entry)) : undefined;
    if (idle) found.push(`${entry.conversationId} waits though ${idle.id} is free`);
  }
  return found;
};
