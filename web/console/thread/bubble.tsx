import type { Message, Source } from '../../../contracts/events.ts';
import { httpLink } from '../../http-link.ts';
import { useConsole } from '../console-context.tsx';
import { IconBook, IconRobot, IconUser } from '../parts/icons.ts';
import { MarkedText, OutwardLink, PlainText } from '../parts/marked-text.tsx';
import { HourTime } from '../parts/time.tsx';

const ENDS: Record<NonNullable<Message['end']>, string | null> = {
  final: null,
  stopped: 'Stopped by the customer',
  escalated: 'Then handed over',
  failed: 'Could not be finished',
};

export type BubbleProps = { message: Message; isStreaming: boolean; customer: string | null };

/** What somebody said, and who: the customer on one side, the company on the other. */
export const Bubble = ({ message, isStreaming, customer }: BubbleProps) => {
  const { me } = useConsole();
  const { author, by, text, at, end, sources = [] } = message;
  const who = author === 'customer' ? (customer ?? 'Visitor') : author === 'assistant' ? me.assistant : (by ?? 'Agent');
  const role = author === 'customer' ? 'customer' : author === 'assistant' ? 'assistant' : 'agent';
  const ended = end && ENDS[end];
  return (
    <article className="bubble-row" data-author={author} data-streaming={isStreaming} data-message={message.id}>
      <header className="bubble-who">
        {author === 'assistant' ? <IconRobot size={14} aria-hidden /> : <IconUser size={14} aria-hidden />}
        <span className="clipped" dir="auto">
          {who}
        </span>
        <span className="bubble-role">{role}</span>
        {isStreaming ? <span className="bubble-role">writing…</span> : <HourTime at={at} />}
      </header>
      <div className="bubble">{author === 'assistant' ? <MarkedText text={text} /> : <PlainText text={text} />}</div>
      {ended && <p className="bubble-end">{ended}</p>}
      <Sources sources={sources} />
    </article>
  );
};

/** Where an answer came from. */
export const Sources = ({ sources }: { sources: readonly Source[] }) => {
  if (sources.length === 0) return null;
  return (
    <ul className="sources" aria-label="Sources">
      {sources.map(({ title, url }) => {
        const href = url === undefined ? null : httpLink(url);
        return (
          <li key={`${title} ${url}`}>
            <IconBook size={13} aria-hidden />
            {href ? <OutwardLink href={href}>{title}</OutwardLink> : <span>{title}</span>}
          </li>
        );
      })}
    </ul>
  );
};
