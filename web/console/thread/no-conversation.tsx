import { Kbd } from '@mantine/core';
import { Empty } from '../parts/empty.tsx';
import { IconInbox } from '../parts/icons.ts';
import { useLists } from '../queries.ts';

export const NoConversation = () => {
  const { lists } = useLists();
  return (
    <main className="pane middle">
      {lists.mine.length > 0 ? (
        <Empty icon={<IconInbox size={28} />} title="Choose a conversation">
          Press <Kbd>J</Kbd> for the most urgent one, <Kbd>?</Kbd> for all keys.
        </Empty>
      ) : (
        <Empty icon={<IconInbox size={28} />} title="All quiet">
          While you are online, conversations that need you ring here. You may also look at one that waits.
        </Empty>
      )}
    </main>
  );
};
