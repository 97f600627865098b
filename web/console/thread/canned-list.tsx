import { Text } from '@mantine/core';
import { useEffect, useRef } from 'react';
import type { CannedReply } from '../../../contracts/console.ts';
import { filledIn, type Variables } from '../canned-replies.ts';

export type CannedListProps = {
  replies: readonly CannedReply[];
  chosen: number;
  variables: Variables;
  onChoose(place: number): void;
};

/** Ready-made texts that fit what stands behind the `/`. The focus stays in the composer. */
export const CannedList = ({ replies, chosen, variables, onChoose }: CannedListProps) => {
  const list = useRef<HTMLDivElement>(null);
  useEffect(() => {
    list.current?.querySelector(`#canned-${chosen}`)?.scrollIntoView({ block: 'nearest' });
  }, [chosen]);
  if (replies.length === 0) {
    return (
      <Text size="sm" c="dimmed" className="canned-none" role="status">
        No ready-made text fits. It is sent as you wrote it.
      </Text>
    );
  }
  return (
    <div ref={list} id="canned-replies" className="canned" role="listbox" aria-label="Ready-made texts">
      {replies.map((reply, place) => (
        <div
          key={reply.name}
          id={`canned-${place}`}
          role="option"
          tabIndex={-1}
          aria-selected={place === chosen}
          // The text field must not lose the focus.
          onMouseDown={(event) => {
            event.preventDefault();
            onChoose(place);
          }}
        >
          <span className="canned-title">
            <span dir="auto">{reply.title}</span>
            <code>{`/${reply.name}`}</code>
          </span>
          <span className="canned-text" dir="auto">
            {filledIn(reply.text, variables)}
          </span>
        </div>
      ))}
    </div>
  );
};
