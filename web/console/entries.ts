import type { ConversationEntry } from '../../contracts/console.ts';

export type ListName = 'mine' | 'waiting' | 'approvals' | 'recent';
export type Lists = Record<ListName, readonly ConversationEntry[]>;

const moment = (time: string | null): number => (time === null ? Number.POSITIVE_INFINITY : Date.parse(time));

/** What has to be done first stands first: by the SLA clock, then by who has been there longest. */
const byUrgency = (a: ConversationEntry, b: ConversationEntry): number =>
  compare(moment(a.dueAt), moment(b.dueAt)) || compare(moment(a.since), moment(b.since)) || compare(a.id, b.id);

const byNewest = (a: ConversationEntry, b: ConversationEntry): number =>
  compare(b.updatedAt, a.updatedAt) || compare(a.id, b.id);

const compare = <T extends string | number>(a: T, b: T): number => (a < b ? -1 : a > b ? 1 : 0);

/** The lists in the order of the screen. A conversation stands once: an agent's own is not among the recent ones too. */
export const arranged = (lists: Lists): Lists => {
  const mine = lists.mine.toSorted(byUrgency);
  const known = new Set(mine.map(({ id }) => id));
  return {
    mine,
    waiting: lists.waiting.filter(({ id }) => !known.has(id)).toSorted(byUrgency),
    approvals: lists.approvals.toSorted(byUrgency),
    recent: lists.recent.filter(({ id }) => !known.has(id)).toSorted(byNewest),
  };
};

/** The one `step` rows away from `current` among what is shown, top to bottom; the ends do not wrap. */
export const neighbour = (rows: readonly string[], current: string | null, step: 1 | -1): string | null => {
  const at = current === null ? -1 : rows.indexOf(current);
  if (at < 0) return (step === 1 ? rows[0] : rows.at(-1)) ?? null;
  return rows[Math.min(rows.length - 1, Math.max(0, at + step))] ?? null;
};

/** Where the term of the open conversation says more than a list that has not come yet, the newer one counts. */
export const newerOf = (a: ConversationEntry, b: ConversationEntry | undefined): ConversationEntry =>
  b && (b.term > a.term || (b.term === a.term && b.updatedAt > a.updatedAt)) ? b : a;

export const nameOf = ({ customer }: Pick<ConversationEntry, 'customer'>): string => customer ?? 'Visitor';
