import { ActionIcon, Badge, Button, Group, Menu, Text, Tooltip } from '@mantine/core';
import type { ConversationView as Shown } from '../../../contracts/console.ts';
import type { Owner } from '../../../contracts/events.ts';
import { useConsole } from '../console-context.tsx';
import { useDialogs } from '../dialogs/dialogs-context.tsx';
import { nameOf } from '../entries.ts';
import { DueTime } from '../parts/due.tsx';
import {
  IconArrowBackUp,
  IconArrowsExchange,
  IconCircleCheck,
  IconDots,
  IconLayoutSidebarRight,
} from '../parts/icons.ts';
import { useCustomerShown } from '../use-preference.ts';
import { OwnerBadge } from './owner-badge.tsx';

export type ThreadHeaderProps = { shown: Shown; owner: Owner; isMine: boolean };

/** Who it is, who speaks, what is due, and the ways out of it. */
export const ThreadHeader = ({ shown: { entry, sla }, owner, isMine }: ThreadHeaderProps) => {
  const { me } = useConsole();
  const { open } = useDialogs();
  const [isCustomerShown, showCustomer] = useCustomerShown();
  const conversation = entry.id;
  const dueAt = sla.flatMap(({ dueAt: at }) => at ?? []).sort()[0] ?? entry.dueAt;
  const isClosed = entry.status === 'closed';
  const mayArrange = me.role !== 'agent' && !isMine && owner !== 'assistant' && !isClosed;
  return (
    <div className="thread-header">
      <div className="clipped">
        <Text component="h2" fw={650} truncate dir="auto" id="thread-title">
          {nameOf(entry)}
        </Text>
        <Group gap={6} wrap="nowrap">
          <OwnerBadge entry={entry} owner={owner} isMine={isMine} />
          {entry.status !== 'open' && (
            <Badge variant="light" color="gray" tt="none">
              {entry.status === 'resolved' ? 'Resolved' : 'Closed'}
            </Badge>
          )}
          {dueAt && <DueTime at={dueAt} />}
        </Group>
      </div>
      <Group gap="xs" wrap="nowrap">
        {isMine && (
          <>
            <Button
              size="compact-md"
              fz="sm"
              leftSection={<IconCircleCheck size={16} aria-hidden />}
              onClick={() => open({ kind: 'resolve', conversation })}
            >
              Resolve
            </Button>
            <Menu position="bottom-end" width={240} withinPortal={false} withInitialFocusPlaceholder={false}>
              <Menu.Target>
                <ActionIcon variant="default" size="lg" aria-label="More about this conversation">
                  <IconDots size={18} />
                </ActionIcon>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item
                  leftSection={<IconArrowsExchange size={16} />}
                  onClick={() => open({ kind: 'transfer', conversation })}
                >
                  Transfer…
                </Menu.Item>
                <Menu.Item
                  leftSection={<IconArrowBackUp size={16} />}
                  onClick={() => open({ kind: 'giveBack', conversation })}
                >
                  {`Give back to ${me.assistant}…`}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        )}
        {mayArrange && (
          <Button
            size="compact-md"
            fz="sm"
            variant="default"
            leftSection={<IconArrowsExchange size={16} aria-hidden />}
            onClick={() => open({ kind: 'reassign', conversation })}
          >
            Reassign
          </Button>
        )}
        <Tooltip label={isCustomerShown ? 'Hide the customer' : 'Show the customer'}>
          <ActionIcon
            variant="subtle"
            color="gray"
            size="lg"
            aria-label="The customer’s pane"
            aria-pressed={isCustomerShown}
            onClick={() => showCustomer(!isCustomerShown)}
          >
            <IconLayoutSidebarRight size={18} />
          </ActionIcon>
        </Tooltip>
      </Group>
    </div>
  );
};
