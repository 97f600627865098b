import { Text } from '@mantine/core';
import { useState } from 'react';
import { useConsole } from '../console-context.tsx';
import { useConversation } from '../queries.ts';
import { DeskAndPerson } from './desk-and-person.tsx';
import { DialogFrame } from './dialog-frame.tsx';
import { useRelease } from './use-release.ts';

export const Transfer = ({ conversation, onClose }: { conversation: string; onClose(): void }) => {
  const { me } = useConsole();
  const { data } = useConversation(conversation);
  const [desk, setDesk] = useState<string | null>(null);
  const [person, setPerson] = useState<string | null>(null);
  const own = data?.entry.desk ?? null;
  const { release, isReleasing, problem } = useRelease(conversation, 'Transferred', onClose);
  return (
    <DialogFrame
      title="Transfer the conversation"
      onClose={onClose}
      problem={problem}
      submit={{
        label: 'Transfer',
        isBusy: isReleasing,
        isDisabled: desk === null,
        run: () => desk && release({ how: 'transfer', desk, ...(person && { wish: person }) }),
      }}
    >
      <Text size="sm" c="dimmed">
        Whoever takes it sees all of it, your notes too. The customer is not asked again.
      </Text>
      <DeskAndPerson
        desks={me.allDesks}
        ownDesk={own}
        desk={desk}
        person={person}
        onChange={(to) => {
          setDesk(to.desk);
          setPerson(to.person);
        }}
      />
    </DialogFrame>
  );
};
