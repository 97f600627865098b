import type { ConversationEntry } from '../../../contracts/console.ts';
import { type ListName, nameOf } from '../entries.ts';
import { DueTime, SinceTime } from '../parts/due.tsx';
import { IconPencil } from '../parts/icons.ts';
import { languageName } from '../parts/language.ts';
import { reasonWords } from '../parts/reason.ts';
import { MomentTime } from '../parts/time.tsx';
import { hashOf } from '../place.ts';

export type EntryRowProps = {
  list: ListName;
  entry: ConversationEntry;
  isSelected: boolean;
  isUnread: boolean;
  hasDraft: boolean;
};

const AUTHORS = { customer: '', assistant: 'Assistant: ', agent: 'Agent: ' };

/** A conversation in a list: who, what about, how long, how urgent. A link, so that it opens as links do. */
export const EntryRow = ({ list, entry, isSelected, isUnread, hasDraft }: EntryRowProps) => {
  const { id, last, since, dueAt, reason, intent, language, updatedAt } = entry;
  const what = [...new Set([intent, reason && reasonWords(reason)])].filter((one) => one !== null && one !== '');
  return (
    <a
      className="entry"
      href={hashOf({ screen: 'desk', conversation: id })}
      aria-current={isSelected ? 'true' : undefined}
      data-conversation={id}
      data-unread={isUnread}
    >
      <span className="entry-top">
        {isUnread && <span className="unread-dot" role="img" aria-label="Unread" />}
        <span className="entry-name" dir="auto">
          {nameOf(entry)}
        </span>
        {hasDraft && <IconPencil size={13} role="img" aria-label="Has a draft of yours" />}
        {language && (
          <span className="language" title={languageName(language)}>
            {language}
          </span>
        )}
        <span className="entry-time">
          {list === 'recent' ? (
            <MomentTime at={last?.at ?? updatedAt} />
          ) : dueAt ? (
            <DueTime at={dueAt} />
          ) : (
            since && <SinceTime at={since} />
          )}
        </span>
      </span>
      <span className="entry-last" dir="auto">
        {last ? `${AUTHORS[last.author]}${last.text}` : 'Nothing was said yet'}
      </span>
      <span className="entry-what">
        <span className="clipped">{what.join(' · ') || 'No reason given'}</span>
        {list === 'waiting' && since && (
          <span className="waits">
            <SinceTime at={since} before="waits " />
          </span>
        )}
        {list === 'approvals' && <span className="waits">to approve</span>}
        {list === 'recent' && entry.status !== 'open' && <span className="waits">{entry.status}</span>}
      </span>
    </a>
  );
};
