import { Button, Menu, Text } from '@mantine/core';
import { IconCheck, IconChevronDown } from '../parts/icons.ts';
import { chosenStatuses, STATUSES, statusLabel } from './statuses.ts';
import { useStatus } from './use-status.ts';

export const StatusMenu = () => {
  const { chosen, shown, isChanging, choose } = useStatus();
  return (
    <Menu position="bottom-end" width={260} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <Button
          variant="default"
          size="compact-md"
          fz="sm"
          loading={isChanging}
          aria-label={`Your status: ${statusLabel(shown)}`}
          leftSection={<span className="status-dot" data-status={shown} />}
          rightSection={<IconChevronDown size={14} aria-hidden />}
        >
          {statusLabel(shown)}
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          {shown === 'wrapUp' ? 'Wrap-up: offers ring again when its time is over' : 'What should be known of you?'}
        </Menu.Label>
        {chosenStatuses.map((status) => (
          <Menu.Item
            key={status}
            leftSection={<span className="status-dot" data-status={status} />}
            rightSection={status === chosen && <IconCheck size={16} aria-label="chosen" />}
            onClick={() => choose(status)}
          >
            <Text size="sm">{STATUSES[status].label}</Text>
            <Text size="xs" c="dimmed">
              {STATUSES[status].means}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
};
