import { Alert, Button, Skeleton, Stack } from '@mantine/core';
import { useConsole, useLink } from '../console-context.tsx';
import type { ListName } from '../entries.ts';
import { useLists } from '../queries.ts';
import { sentenceFor } from '../sentences.ts';
import { ListSection } from './list-section.tsx';

const SECTIONS: { name: ListName; title: string; nothing: string }[] = [
  { name: 'mine', title: 'My conversations', nothing: 'None. When you are online, offers ring here.' },
  { name: 'waiting', title: 'Waiting at my desks', nothing: 'Nobody waits.' },
  { name: 'approvals', title: 'Approvals', nothing: 'Nothing waits for an approval.' },
  { name: 'recent', title: 'Recent', nothing: 'What you had lately will be here.' },
];

/** Whom to serve, most urgent first. */
export const ListsPane = ({ selected }: { selected: string | null }) => {
  const { lists, isLoading, error, refetch } = useLists();
  const { drafts, seen } = useConsole();
  // Read anew with every state of the link: a message that came may be unread, a watched one has been seen.
  useLink(({ watched }) => watched);
  const drafted = drafts.open();
  return (
    <nav className="pane lists" aria-label="Conversations">
      {error && (
        <Alert color="red" variant="light" m="sm" title="The lists could not be read">
          <Stack align="flex-start" gap="xs">
            {sentenceFor(error)}
            <Button size="compact-sm" variant="default" onClick={() => void refetch()}>
              Try again
            </Button>
          </Stack>
        </Alert>
      )}
      {isLoading && !error ? (
        <Stack p="sm" gap="xs" role="status" aria-label="Loading">
          {['a', 'b', 'c', 'd', 'e'].map((key) => (
            <Skeleton key={key} height={62} radius="md" />
          ))}
        </Stack>
      ) : (
        SECTIONS.map((section) => (
          <ListSection
            key={section.name}
            {...section}
            entries={lists[section.name]}
            selected={selected}
            isUnread={section.name === 'mine' ? seen.isUnread : () => false}
            drafted={drafted}
          />
        ))
      )}
    </nav>
  );
};
