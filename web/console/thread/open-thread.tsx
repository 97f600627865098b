import { Alert } from '@mantine/core';
import { useMemo } from 'react';
import type { ConversationView as Shown } from '../../../contracts/console.ts';
import { applySnapshot, emptyView, isThinking } from '../../conversation-view.ts';
import { useConsole } from '../console-context.tsx';
import { thread } from '../thread.ts';
import { Composer } from './composer.tsx';
import { ThreadHeader } from './thread-header.tsx';
import { ThreadLog } from './thread-log.tsx';
import { useOpenConversation, useOwnership } from './use-open-conversation.ts';
import { Viewers } from './viewers.tsx';

export const OpenThread = ({ shown }: { shown: Shown }) => {
  const { sending } = useConsole();
  const { view, viewers, isGone, pending } = useOpenConversation(shown);
  const { owner, isMine } = useOwnership(shown.entry, view);
  const { id } = shown.entry;
  const current = useMemo(() => view ?? applySnapshot(emptyView, shown), [view, shown]);
  const items = useMemo(() => thread(current, shown, pending), [current, shown, pending]);
  return (
    <main className="pane middle">
      <ThreadHeader shown={shown} owner={owner} isMine={isMine} />
      {isGone && (
        <Alert color="orange" variant="light" radius={0} role="alert">
          You may not follow this conversation any more. What you see is how it stood.
        </Alert>
      )}
      <ThreadLog
        items={items}
        shown={shown}
        notice={current.notice}
        isThinking={isThinking({ ...current, owner })}
        onRetry={(messageId) => sending.retry(id, messageId)}
        onDiscard={(messageId) => sending.discard(id, messageId)}
      />
      <Viewers viewers={viewers} />
      <Composer shown={shown} owner={owner} isMine={isMine} />
    </main>
  );
};
