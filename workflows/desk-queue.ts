import type { Agent, Entry } from './desk-records.ts';
import { WaitingLine } from './waiting-line.ts';

/** Entries that ask for the same: one line of their own. */
type Lane = { language: string; skills: string[]; wish?: string; line: WaitingLine<Entry> };

const languageOf = (tag: string): string => tag.split('-')[0] ?? tag;

const laneKey = ({ language, skills, wish }: Entry): string =>
  wish ? `@${wish}` : `${languageOf(language)} ${skills.toSorted().join(' ')}`;

const serves = (agent: Agent, { language, skills, wish }: Pick<Lane, 'language' | 'skills' | 'wish'>): boolean =>
  wish
    ? wish === agent.id
    : agent.languages.includes(language) && skills.every((skill) => agent.skills.includes(skill));

/** What one conversation takes of an agent: who can hold less than it weighs gives all they have. */
export const costOf = (entry: Entry, agent: Agent): number => Math.min(entry.weight, agent.capacity);

export const isFree = (agent: Agent): boolean =>
  agent.status === 'online' && agent.ringing === undefined && agent.load < agent.capacity;

/** Whether this agent may be offered this entry now. */
const fits = (agent: Agent, entry: Entry): boolean =>
  isFree(agent) &&
  agent.load + costOf(entry, agent) <= agent.capacity &&
  !entry.refusals.some((refusal) => refusal.agent === agent.id);

/**
 * Who waits, twice over: in one line that gives positions, and in a lane for each thing asked for. An agent looks only at the
 * heads of the lanes that they can serve, so a decision does not read the whole queue.
 */
export class DeskQueue {
  #line = new WaitingLine<Entry>();
  #lanes = new Map<string, Lane>();

  /** Joins the line. What is offered stays in it: it waits, too, but it is in no lane. */
  join(entry: Entry): void {
    this.#line.add(entry);
  }

  leave(entry: Entry): void {
    this.#line.remove(entry);
    this.close(entry);
  }

  /** Puts an entry of the line where agents look for it. */
  open(entry: Entry): void {
    const key = laneKey(entry);
    const lane = this.#lanes.get(key) ?? {
      language: languageOf(entry.language),
      skills: entry.skills,
      ...(entry.wish ? { wish: entry.wish } : {}),
      line: new WaitingLine<Entry>(),
    };
    lane.line.add(entry);
    this.#lanes.set(key, lane);
  }

  close(entry: Entry): void {
    const key = laneKey(entry);
    const lane = this.#lanes.get(key);
    lane?.line.remove(entry);
    if (lane?.line.length === 0) this.#lanes.delete(key);
  }

  position(entry: Entry): number {
    return this.#line.position(entry);
  }

  first(count: number): Entry[] {
    return this.#line.first(count);
  }

  /** Everything that asks for this agent by name. */
  wishesFor(agent: string): Entry[] {
    return [...(this.#lanes.get(`@${agent}`)?.line ?? [])];
  }

  /** What this agent should be offered next. */
  bestFor(agent: Agent): Entry | undefined {
    if (!isFree(agent)) return undefined;
    let best: Entry | undefined;
    for (const lane of this.#lanes.values()) {
      if (!serves(agent, lane)) continue;
      for (const entry of lane.line) {
        if (best && (best.key < entry.key || (best.key === entry.key && best.seq < entry.seq))) break;
        if (!fits(agent, entry)) continue;
        best = entry;
        break;
      }
    }
    return best;
  }

  /** Who should be offered this entry: who knows the customer, else the least loaded, else who has been free for longest. */
  static agentFor(entry: Entry, agents: Iterable<Agent>): Agent | undefined {
    const wants = { ...entry, language: languageOf(entry.language) };
    let best: Agent | undefined;
    for (const agent of agents) {
      if (!fits(agent, entry) || !serves(agent, wants)) continue;
      if (agent.id === entry.sticky) return agent;
      if (!best || isBefore(agent, best)) best = agent;
    }
    return best;
  }
}

const isBefore = (a: Agent, b: Agent): boolean => {
  const difference = a.load / a.capacity - b.load / b.capacity;
  if (difference !== 0) return difference < 0;
  return a.freeSince === b.freeSince ? a.id < b.id : a.freeSince < b.freeSince;
};
