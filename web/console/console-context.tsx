import { useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, use, useEffect, useState, useSyncExternalStore } from 'react';
import type { Me } from '../../contracts/console.ts';
import { systemClock } from '../clock.ts';
import { storedText } from '../customer/browser-storage.ts';
import { useApi } from './api-context.ts';
import { createDrafts, type Drafts } from './drafts.ts';
import { keptUnder } from './kept-under.ts';
import { createLink, type Link, type LinkState } from './link.ts';
import { newId } from './new-id.ts';
import { noticeOfSla, warn } from './notices.ts';
import { createSeen, type Seen } from './seen.ts';
import { createSending, type Sending } from './sending.ts';

/** What belongs to whoever is signed in, as long as they are. */
export type Console = { me: Me; link: Link; sending: Sending; drafts: Drafts; seen: Seen };

const ConsoleContext = createContext<Console | null>(null);

export const useConsole = (): Console => {
  const console = use(ConsoleContext);
  if (!console) throw new Error('useConsole is for what is inside of ConsoleProvider.');
  return console;
};

/** What `pick` takes from the link's state; it has to return the same value for the same state. */
export const useLink = <T,>(pick: (state: LinkState) => T): T => {
  const { link } = useConsole();
  return useSyncExternalStore(link.subscribe, () => pick(link.state()));
};

type Parts = Omit<Console, 'me'>;

export const ConsoleProvider = ({ me, children }: { me: Me; children: ReactNode }) => {
  const api = useApi();
  const queries = useQueryClient();
  const [parts, setParts] = useState<Parts | null>(null);
  const agent = me.id;

  useEffect(() => {
    // Of several people at one machine each has their own.
    const keep = (what: string) => storedText(() => localStorage, `duradesk.console.${agent}.${what}`);
    const stale = (...queryKey: string[]): void => void queries.invalidateQueries({ queryKey });

    const sending = createSending({
      send: api.send,
      clock: systemClock,
      newId,
      keep: (conversation) => keep(`outbox.${conversation}`),
    });

    // What an earlier page could not send goes out, whether or not its conversation is opened again.
    for (const conversation of keptUnder(`duradesk.console.${agent}.outbox.`)) sending.open(conversation);

    const link = createLink({
      url: `${location.origin.replace(/^http/, 'ws')}/console/socket`,
      WebSocket,
      onChanged({ what, conversation }) {
        if (what === 'me') stale('me');
        if (what === 'lists') stale('list');
        if (what === 'floor') stale('floor');
        if (what === 'view') conversation ? stale('conversation', conversation) : stale('conversation');
      },
      onEvents(conversation, events) {
        const isNews = events.some(({ type }) => /^(owner|action|conversation)\./.test(type));
        if (isNews) stale('conversation', conversation);
        if (isNews || events.some(({ type }) => type === 'message.added')) stale('list');
      },
      onOffer: () => stale('list'),
      onOfferClosed(_, why) {
        if (why === 'rangOut')
          warn('An offer rang out', 'It goes to somebody else. After several in a row you are set to away.');
        stale('list');
      },
      onSla: noticeOfSla,
    });
    let was: string | undefined;
    const stop = link.subscribe(() => {
      const { status } = link.state().connection;
      if (status === was) return;
      was = status;
      sending.setOnline(status === 'online');
      // Most likely the session has ended: then this reading leads to the way in.
      if (status === 'refused') stale('me');
    });

    const wake = (): void => {
      if (document.visibilityState === 'visible') link.wake();
    };
    const reconnect = (): void => link.reconnect();
    document.addEventListener('visibilitychange', wake);
    addEventListener('online', reconnect);

    setParts({
      link,
      sending,
      drafts: createDrafts(keep('drafts')),
      seen: createSeen(keep('seen')),
    });
    return () => {
      document.removeEventListener('visibilitychange', wake);
      removeEventListener('online', reconnect);
      stop();
      link.end();
      setParts(null);
    };
  }, [agent, api, queries]);

  return parts && <ConsoleContext value={{ me, ...parts }}>{children}</ConsoleContext>;
};
