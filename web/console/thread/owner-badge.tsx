import { Badge } from '@mantine/core';
import type { ConversationEntry } from '../../../contracts/console.ts';
import type { Owner } from '../../../contracts/events.ts';
import { useConsole } from '../console-context.tsx';
import { IconClock, IconRobot, IconUser } from '../parts/icons.ts';

export type OwnerBadgeProps = { entry: ConversationEntry; owner: Owner; isMine: boolean };

/** Who speaks to the customer at this moment. */
export const OwnerBadge = ({ entry, owner, isMine }: OwnerBadgeProps) => {
  const { me } = useConsole();
  if (isMine) {
    return (
      <Badge tt="none" leftSection={<IconUser size={12} aria-hidden />}>
        With you
      </Badge>
    );
  }
  if (owner === 'agent') {
    return (
      <Badge tt="none" variant="light" color="blue" leftSection={<IconUser size={12} aria-hidden />}>
        {`With ${entry.agent?.name ?? 'a colleague'}`}
      </Badge>
    );
  }
  if (owner === 'waiting') {
    return (
      <Badge tt="none" variant="light" color="orange" leftSection={<IconClock size={12} aria-hidden />}>
        Waits for a person
      </Badge>
    );
  }
  return (
    <Badge tt="none" variant="light" color="grape" leftSection={<IconRobot size={12} aria-hidden />}>
      {`With ${me.assistant}, the assistant`}
    </Badge>
  );
};
