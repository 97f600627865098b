import type { Note } from '../../../contracts/console.ts';
import { useConsole } from '../console-context.tsx';
import { IconLock } from '../parts/icons.ts';
import { PlainText } from '../parts/marked-text.tsx';
import { HourTime } from '../parts/time.tsx';

/** A word among agents, which looks like nothing that a customer sees. */
export const NoteCard = ({ note: { by, text, at } }: { note: Note }) => {
  const { me } = useConsole();
  return (
    <article className="note">
      <header>
        <IconLock size={14} aria-hidden />
        <strong>Private note</strong>
        <span className="clipped" dir="auto">
          {by.id === me.id ? 'by you' : `by ${by.name}`}
        </span>
        <HourTime at={at} />
      </header>
      <PlainText text={text} />
    </article>
  );
};
