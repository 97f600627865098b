import type { Command } from './commands.ts';
import { useConsole } from './console-context.tsx';
import { useDialogs } from './dialogs/dialogs-context.tsx';
import { useDecide } from './dialogs/use-decide.ts';
import { useConversation } from './queries.ts';
import { useComposerRequests } from './thread/composer-requests.tsx';

/** What can be done with the open conversation. Those that need it to be the agent's own are there while it is. */
export const useConversationCommands = (conversation: string | null): Command[] => {
  const { me } = useConsole();
  const { open } = useDialogs();
  const { ask } = useComposerRequests();
  const { decide } = useDecide(conversation ?? '');
  const { data: view } = useConversation(conversation);
  if (conversation === null) return [];

  const isMine = view?.entry.owner === 'agent' && view.entry.agent?.id === me.id;
  const mayArrange = me.role !== 'agent' && !isMine && view !== undefined && view.entry.owner !== 'assistant';
  const waits = view?.approvals.find(({ state }) => state === 'awaiting_approval');
  const group = 'Conversation';

  return [
    ...(isMine
      ? ([
          { id: 'reply', group, label: 'Reply', key: 'r', run: () => ask('reply') },
          { id: 'canned', group, label: 'Ready-made texts', key: '/', also: 'canned', run: () => ask('canned') },
          { id: 'suggest', group, label: 'Suggest a reply', key: 's', also: 'draft', run: () => ask('suggest') },
          {
            id: 'resolve',
            group,
            label: 'Resolve…',
            key: 'e',
            also: 'close end',
            run: () => open({ kind: 'resolve', conversation }),
          },
          { id: 'transfer', group, label: 'Transfer…', key: 't', run: () => open({ kind: 'transfer', conversation }) },
          {
            id: 'back',
            group,
            label: `Give back to ${me.assistant}…`,
            key: 'b',
            run: () => open({ kind: 'giveBack', conversation }),
          },
        ] as const)
      : []),
    { id: 'note', group, label: 'Write a private note', key: 'n', run: () => ask('note') },
    ...(mayArrange
      ? ([
          { id: 'reassign', group, label: 'Reassign…', key: 't', run: () => open({ kind: 'reassign', conversation }) },
        ] as const)
      : []),
    ...(waits
      ? ([
          {
            id: 'approve',
            group,
            label: `Approve: ${waits.title}`,
            run: () => decide({ action: waits.id, argumentsHash: waits.argumentsHash, decision: 'approve' }),
          },
          {
            id: 'edit',
            group,
            label: `Edit: ${waits.title}`,
            run: () => open({ kind: 'edit', conversation, approval: waits }),
          },
          {
            id: 'refuse',
            group,
            label: `Refuse: ${waits.title}`,
            run: () => open({ kind: 'refuse', conversation, approval: waits }),
          },
        ] as const)
      : []),
  ];
};
