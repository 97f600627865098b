import { useEffect } from 'react';
import { useConsole, useLink } from './console-context.tsx';
import { useLists } from './queries.ts';

/** What the browser's tab says: an offer that rings, else how many of the agent's own have something unread. */
export const useTitle = (): void => {
  const { me, seen } = useConsole();
  const rings = useLink(({ offers }) => offers.length > 0);
  const { lists } = useLists();
  const unread = lists.mine.filter(seen.isUnread).length;
  useEffect(() => {
    const name = `Console · ${me.company}`;
    document.title = rings ? `Offer – ${name}` : unread > 0 ? `(${unread}) ${name}` : name;
  }, [rings, unread, me.company]);
};
