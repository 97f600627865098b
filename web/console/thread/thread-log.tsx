import { Button } from '@mantine/core';
import { useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { ConversationView as Shown } from '../../../contracts/console.ts';
import { IconChevronDown } from '../parts/icons.ts';
import { dayOf } from '../parts/time.tsx';
import type { Item } from '../thread.ts';
import { Announcer } from './announcer.tsx';
import { ThreadItem } from './thread-item.tsx';

export type ThreadLogProps = {
  items: readonly Item[];
  shown: Shown;
  notice: string | null;
  isThinking: boolean;
  onRetry(id: string): void;
  onDiscard(id: string): void;
};

/** Nearer to the end than this, pixels: the reader follows. */
const NEAR = 80;

const dayOfItem = (item: Item): string | null => {
  if (item.kind === 'message') return dayOf(item.message.at);
  if (item.kind === 'note') return dayOf(item.note.at);
  return item.kind === 'handoff' ? dayOf(item.at) : null;
};

/** The thread. It follows what is said, unless the reader went back. */
export const ThreadLog = ({ items, shown, notice, isThinking, onRetry, onDiscard }: ThreadLogProps) => {
  const log = useRef<HTMLDivElement>(null);
  const follows = useRef(true);
  const [isBack, setBack] = useState(false);

  const toEnd = (): void => {
    log.current?.scrollTo({ top: log.current.scrollHeight });
  };
  // After every render, since whatever grew may have moved the end away.
  useLayoutEffect(() => {
    if (follows.current) toEnd();
  });
  useEffect(() => {
    const element = log.current;
    if (!element) return;
    // Keys scroll what has the focus.
    element.tabIndex = 0;
    const observer = new ResizeObserver(() => {
      if (follows.current) element.scrollTo({ top: element.scrollHeight });
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  let day: string | null = null;
  return (
    <div className="log-place">
      <div
        ref={log}
        className="log"
        role="log"
        aria-live="off"
        aria-labelledby="thread-title"
        onScroll={({ currentTarget: { scrollHeight, scrollTop, clientHeight } }) => {
          follows.current = scrollHeight - scrollTop - clientHeight < NEAR;
          setBack(!follows.current);
        }}
      >
        {items.map((item) => {
          const itsDay = dayOfItem(item);
          const isNew = itsDay !== null && itsDay !== day;
          day = itsDay ?? day;
          return (
            <div key={item.key} className="log-item">
              {isNew && (
                <div className="day">
                  <span>{itsDay}</span>
                </div>
              )}
              <ThreadItem item={item} shown={shown} onRetry={onRetry} onDiscard={onDiscard} />
            </div>
          );
        })}
        {(isThinking || notice) && (
          <div className="thinking">
            <span className="dots" aria-hidden>
              <i />
              <i />
              <i />
            </span>
            <span dir="auto">{notice ?? 'The assistant is at it'}</span>
          </div>
        )}
      </div>
      {isBack && (
        <Button
          className="to-end"
          size="compact-sm"
          radius="xl"
          leftSection={<IconChevronDown size={14} aria-hidden />}
          onClick={() => {
            follows.current = true;
            setBack(false);
            toEnd();
          }}
        >
          To the end
        </Button>
      )}
      <Announcer items={items} />
    </div>
  );
};
