import { useEffect, useRef, useState } from 'react';
import type { Item } from '../thread.ts';

const FROM = { customer: 'Customer', assistant: 'Assistant', agent: 'Agent' };

/** Reads out a message that came, once it is whole: streamed words one by one would drown everything else. */
export const Announcer = ({ items }: { items: readonly Item[] }) => {
  const known = useRef<ReadonlySet<string> | null>(null);
  const [said, setSaid] = useState('');
  useEffect(() => {
    const whole = items.flatMap((item) => (item.kind === 'message' && !item.isStreaming ? [item.message] : []));
    const fresh = known.current ? whole.filter(({ id }) => !known.current?.has(id)) : [];
    known.current = new Set(whole.map(({ id }) => id));
    const last = fresh.at(-1);
    if (last) setSaid(`${last.by ?? FROM[last.author]}: ${last.text}`);
  }, [items]);
  return (
    <div className="only-heard" aria-live="polite">
      {said}
    </div>
  );
};
