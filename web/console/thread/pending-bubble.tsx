import { Button, Group } from '@mantine/core';
import type { ErrorCode } from '../../../contracts/frames.ts';
import type { OutgoingMessage } from '../../memory.ts';
import { useConsole } from '../console-context.tsx';
import { IconUser } from '../parts/icons.ts';
import { PlainText } from '../parts/marked-text.tsx';

const WHY: Partial<Record<ErrorCode, string>> = {
  conflict: 'Not sent: the conversation is not with you any more.',
  not_found: 'Not sent: the conversation is not yours any more.',
  invalid: 'Not sent: this text cannot be accepted.',
};

export type PendingBubbleProps = { outgoing: OutgoingMessage; onRetry(id: string): void; onDiscard(id: string): void };

/** An agent's message on its way, or one that needs them. */
export const PendingBubble = ({ outgoing, onRetry, onDiscard }: PendingBubbleProps) => {
  const { me } = useConsole();
  const { clientMessageId, text, status, reason } = outgoing;
  return (
    <article className="bubble-row" data-author="agent" data-pending={status}>
      <header className="bubble-who">
        <IconUser size={14} aria-hidden />
        <span className="clipped" dir="auto">
          {me.name}
        </span>
        <span className="bubble-role">
          {status === 'pending' ? 'sending…' : status === 'sent' ? 'sent' : 'not sent'}
        </span>
      </header>
      <div className="bubble">
        <PlainText text={text} />
      </div>
      {status === 'failed' && (
        <Group gap="xs" justify="flex-end" role="alert">
          <span className="bubble-failed">{(reason && WHY[reason]) ?? 'Not sent.'}</span>
          <Button size="compact-xs" variant="default" onClick={() => onRetry(clientMessageId)}>
            Try again
          </Button>
          <Button size="compact-xs" variant="subtle" color="gray" onClick={() => onDiscard(clientMessageId)}>
            Remove
          </Button>
        </Group>
      )}
    </article>
  );
};
