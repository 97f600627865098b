import { Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useApi } from '../api-context.ts';
import { useConsole } from '../console-context.tsx';
import { newId } from '../new-id.ts';
import { say } from '../notices.ts';
import { useConversation } from '../queries.ts';
import { isPassing, sentenceFor } from '../sentences.ts';
import { DeskAndPerson } from './desk-and-person.tsx';
import { DialogFrame } from './dialog-frame.tsx';

/** What a supervisor does with a conversation of others. */
export const Reassign = ({ conversation, onClose }: { conversation: string; onClose(): void }) => {
  const api = useApi();
  const queries = useQueryClient();
  const { me } = useConsole();
  const { data } = useConversation(conversation);
  const [commandId] = useState(newId);
  const [to, setTo] = useState<{ desk: string | null; person: string | null }>({ desk: null, person: null });
  const own = data?.entry.desk ?? null;
  const desk = to.desk ?? own;
  const reassigning = useMutation({
    mutationFn: (chosen: string) =>
      api.reassign(conversation, { commandId, desk: chosen, ...(to.person && { agent: to.person }) }),
    retry: (failures, error) => failures < 2 && isPassing(error),
    onSuccess: () => {
      say('Reassigned');
      onClose();
    },
    onSettled: () => queries.invalidateQueries(),
  });
  return (
    <DialogFrame
      title="Reassign the conversation"
      onClose={onClose}
      problem={reassigning.error ? sentenceFor(reassigning.error) : null}
      submit={{
        label: 'Reassign',
        isBusy: reassigning.isPending,
        isDisabled: desk === null,
        run: () => desk && reassigning.mutate(desk),
      }}
    >
      <Text size="sm" c="dimmed">
        It leaves whoever has it, and waits at the desk, or rings at the person you choose.
      </Text>
      <DeskAndPerson desks={me.allDesks} ownDesk={own} desk={desk} person={to.person} onChange={setTo} />
    </DialogFrame>
  );
};
