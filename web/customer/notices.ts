import type { ConversationView } from '../conversation-view.ts';

/** A change of who is speaking, as the thread tells it. */
export type Notice = {
  key: string;
  kind: 'joined' | 'left' | 'givenBack' | 'gone' | 'resolved';
  /** Of the agent; `null` where it is not known. */
  name: string | null;
  /** ISO 8601; `null`: it stands at the end. */
  at: string | null;
};

/** What the thread says of people who came and went. The wait itself is told elsewhere. */
export const noticesOf = ({ owners, owner, resolved, closed }: ConversationView): Notice[] => {
  const notices: Notice[] = [];
  for (const [index, { owner: to, term, by, at }] of owners.entries()) {
    const before = owners[index - 1];
    const common = { key: `o:${term}`, at };
    if (to === 'agent') notices.push({ ...common, kind: 'joined', name: by ?? null });
    else if (before?.owner === 'agent') {
      const isEnd = resolved !== null && index === owners.length - 1;
      const kind = to === 'waiting' ? 'left' : isEnd ? 'gone' : 'givenBack';
      notices.push({ ...common, kind, name: before.by ?? null });
    }
  }
  if (resolved && owner === 'assistant' && !closed)
    notices.push({ key: 'resolved', kind: 'resolved', name: null, at: null });
  return notices;
};
