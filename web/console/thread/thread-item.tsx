import type { ConversationView as Shown } from '../../../contracts/console.ts';
import { useConsole } from '../console-context.tsx';
import { reasonWords } from '../parts/reason.ts';
import { HourTime } from '../parts/time.tsx';
import type { Item } from '../thread.ts';
import { ActionCard } from './action-card.tsx';
import { Bubble } from './bubble.tsx';
import { NoteCard } from './note-card.tsx';
import { PendingBubble } from './pending-bubble.tsx';
import { ToolLines } from './tool-lines.tsx';

export type ThreadItemProps = { item: Item; shown: Shown; onRetry(id: string): void; onDiscard(id: string): void };

export const ThreadItem = ({ item, shown, onRetry, onDiscard }: ThreadItemProps) => {
  const { me } = useConsole();
  switch (item.kind) {
    case 'message':
      return <Bubble message={item.message} isStreaming={item.isStreaming} customer={shown.entry.customer} />;
    case 'pending':
      return <PendingBubble outgoing={item.outgoing} onRetry={onRetry} onDiscard={onDiscard} />;
    case 'tools':
      return <ToolLines tools={item.tools} />;
    case 'action':
      return <ActionCard conversation={shown.entry.id} action={item.action} approval={item.approval} />;
    case 'note':
      return <NoteCard note={item.note} />;
    default: {
      const desk = me.allDesks.find(({ name }) => name === item.desk)?.title ?? item.desk;
      return (
        <div className="handoff">
          <span>{`Handed over to ${desk} · ${reasonWords(item.reason)} · `}</span>
          <HourTime at={item.at} />
        </div>
      );
    }
  }
};
