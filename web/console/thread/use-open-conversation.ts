import { useEffect, useMemo, useState, useSyncExternalStore } from 'react';
import type { ConversationEntry, ConversationView as Shown } from '../../../contracts/console.ts';
import type { ConversationView } from '../../conversation-view.ts';
import type { OutgoingMessage } from '../../memory.ts';
import { useConsole, useLink } from '../console-context.tsx';
import type { Viewer } from '../watches.ts';

const noViewers: readonly Viewer[] = [];
const nothingPending: readonly OutgoingMessage[] = [];

/** A conversation that was read, followed from there on for as long as the component stands. */
export const useOpenConversation = (shown: Shown) => {
  const { link, sending, seen } = useConsole();
  const { id } = shown.entry;
  const watched = useLink((state) => state.watched.get(id));
  const pending = useSyncExternalStore(sending.subscribe, () => sending.pending()[id] ?? nothingPending);

  // What was read first is what it goes on from; later readings bring what the socket does not tell.
  const [seed] = useState(() => ({
    messages: shown.messages,
    actions: shown.actions,
    position: shown.position,
    owner: shown.entry.owner,
  }));
  useEffect(() => {
    link.follow(id, seed);
    sending.open(id);
    return () => link.leave(id);
  }, [id, link, sending, seed]);

  const view = watched?.view;
  const messages = view?.messages;
  useEffect(() => {
    if (!messages) return;
    sending.seen(id, new Set(messages.map((message) => message.id)));
    const last = messages.at(-1);
    if (last && document.visibilityState === 'visible') seen.mark({ id, last });
  }, [id, messages, sending, seen]);

  return { view: view ?? null, viewers: watched?.viewers ?? noViewers, isGone: watched?.isGone ?? false, pending };
};

/** Whose it is, by what is newest: the log tells it before the lists do. */
export const useOwnership = (entry: ConversationEntry, view: ConversationView | null) => {
  const { me } = useConsole();
  return useMemo(() => {
    const owner = view?.owner ?? entry.owner;
    const isMine = owner === 'agent' && entry.agent?.id === me.id && entry.owner === 'agent';
    return { owner, isMine };
  }, [entry, view?.owner, me.id]);
};
