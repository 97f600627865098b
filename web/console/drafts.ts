import { isFields, parseFields } from '../json.ts';

/** One text that outlives the page. Neither method may throw. */
export interface Keep {
  get(): string | null;
  set(value: string | null): void;
}

export type Tab = 'reply' | 'note';
export type Draft = { reply: string; note: string; tab: Tab };

const nothing: Draft = { reply: '', note: '', tab: 'reply' };

/** Drafts of so many conversations are kept, those that were touched last. */
const MOST = 50;

/** What was written and not sent, for each conversation. */
export const createDrafts = (keep: Keep) => {
  const all = (): Map<string, Draft> => {
    const entries = Object.entries(parseFields(keep.get() ?? '') ?? {});
    return new Map(entries.flatMap(([id, value]) => (isFields(value) ? [[id, draftOf(value)] as const] : [])));
  };

  return {
    of: (conversation: string): Draft => all().get(conversation) ?? nothing,
    /** Conversations with something in them. */
    open: (): ReadonlySet<string> =>
      new Set([...all()].flatMap(([id, { reply, note }]) => (reply || note ? [id] : []))),
    change(conversation: string, change: Partial<Draft>): Draft {
      const drafts = all();
      const next = { ...nothing, ...drafts.get(conversation), ...change };
      drafts.delete(conversation);
      // An empty note is still a note: its first letter must not become a reply.
      if (next.reply !== '' || next.note !== '' || next.tab === 'note') drafts.set(conversation, next);
      const kept = [...drafts].slice(-MOST);
      keep.set(kept.length === 0 ? null : JSON.stringify(Object.fromEntries(kept)));
      return next;
    },
  };
};

export type Drafts = ReturnType<typeof createDrafts>;

/** Anyone can write to a browser's storage: what does not look like ours counts as nothing. */
const draftOf = ({ reply, note, tab }: Record<string, unknown>): Draft => ({
  reply: typeof reply === 'string' ? reply : '',
  note: typeof note === 'string' ? note : '',
  tab: tab === 'note' ? 'note' : 'reply',
});
