import type { ConversationEntry } from '../../contracts/console.ts';
import { parseFields } from '../json.ts';
import type { Keep } from './drafts.ts';

const MOST = 300;

/** Up to when this browser has shown each conversation: what a customer said after that is unread. */
export const createSeen = (keep: Keep) => {
  const all = (): Record<string, unknown> => parseFields(keep.get() ?? '') ?? {};
  return {
    mark({ id, last }: Pick<ConversationEntry, 'id' | 'last'>): void {
      const { [id]: before, ...others } = all();
      const at = last?.at ?? '';
      if (typeof before === 'string' && before >= at) return;
      keep.set(JSON.stringify(Object.fromEntries([...Object.entries(others).slice(1 - MOST), [id, at]])));
    },
    isUnread({ id, last }: Pick<ConversationEntry, 'id' | 'last'>): boolean {
      if (last?.author !== 'customer') return false;
      const before = all()[id];
      return typeof before !== 'string' || before < last.at;
    },
  };
};

export type Seen = ReturnType<typeof createSeen>;
