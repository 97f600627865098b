import { Skeleton, Stack } from '@mantine/core';
import { useConversation } from '../queries.ts';
import { AtOneGlance } from './at-one-glance.tsx';
import { Facts } from './facts.tsx';
import { History } from './history.tsx';
import { Outcome } from './outcome.tsx';
import { SlaClocks } from './sla-clocks.tsx';
import { Tickets } from './tickets.tsx';
import { Tried } from './tried.tsx';

/** Who it is and what is known, so that nobody has to ask again. */
export const CustomerPane = ({ id }: { id: string }) => {
  const { data, error } = useConversation(id);
  return (
    <aside className="pane customer" aria-label="Customer">
      {data ? (
        <>
          <AtOneGlance shown={data} />
          <SlaClocks sla={data.sla} />
          <Outcome outcome={data.outcome} rating={data.rating} />
          <Facts shown={data} />
          <Tried context={data.handoff?.context ?? null} />
          <Tickets tickets={data.tickets} earlier={data.handoff?.context.tickets ?? []} />
          <History conversations={data.handoff?.context.earlierConversations ?? []} />
        </>
      ) : error ? null : (
        <Stack p="md" gap="md" role="status" aria-label="Loading">
          <Skeleton height={44} />
          <Skeleton height={90} />
          <Skeleton height={120} />
        </Stack>
      )}
    </aside>
  );
};
