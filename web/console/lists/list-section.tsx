import { Badge, Text, UnstyledButton } from '@mantine/core';
import { useLocalStorage } from '@mantine/hooks';
import { useId } from 'react';
import type { ConversationEntry } from '../../../contracts/console.ts';
import type { ListName } from '../entries.ts';
import { IconChevronDown } from '../parts/icons.ts';
import { EntryRow } from './entry-row.tsx';

export type ListSectionProps = {
  name: ListName;
  title: string;
  nothing: string;
  entries: readonly ConversationEntry[];
  selected: string | null;
  isUnread(entry: ConversationEntry): boolean;
  drafted: ReadonlySet<string>;
};

/** One list, which can be folded away. */
export const ListSection = ({ name, title, nothing, entries, selected, isUnread, drafted }: ListSectionProps) => {
  const id = useId();
  const [isOpen, setOpen] = useLocalStorage({
    key: `duradesk.console.open.${name}`,
    defaultValue: true,
    getInitialValueInEffect: false,
  });
  return (
    <section className="list" data-open={isOpen}>
      <h2>
        <UnstyledButton
          className="list-title"
          aria-expanded={isOpen}
          aria-controls={id}
          onClick={() => setOpen(!isOpen)}
        >
          <IconChevronDown size={14} aria-hidden className="chevron" />
          <span>{title}</span>
          {entries.length > 0 && (
            <Badge
              size="sm"
              variant="light"
              color={name === 'approvals' ? 'orange' : 'gray'}
              circle={entries.length < 10}
            >
              {entries.length}
            </Badge>
          )}
        </UnstyledButton>
      </h2>
      <div id={id} hidden={!isOpen}>
        {entries.length === 0 ? (
          <Text size="sm" c="dimmed" px="md" pb="xs">
            {nothing}
          </Text>
        ) : (
          <ul>
            {entries.map((entry) => (
              <li key={entry.id}>
                <EntryRow
                  list={name}
                  entry={entry}
                  isSelected={entry.id === selected}
                  isUnread={entry.id !== selected && isUnread(entry)}
                  hasDraft={drafted.has(entry.id)}
                />
              </li>
            ))}
          </ul>
        )}
      </div>
    </section>
  );
};
