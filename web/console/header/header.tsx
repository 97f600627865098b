import { Badge, Button, Group, Kbd, Text, Tooltip } from '@mantine/core';
import { spotlight } from '@mantine/spotlight';
import { useConsole, useLink } from '../console-context.tsx';
import { IconHeadset, IconSearch, IconUsers } from '../parts/icons.ts';
import { useLists } from '../queries.ts';
import { goTo, usePlace } from '../use-place.ts';
import { ConsoleMenu } from './console-menu.tsx';
import { StatusMenu } from './status-menu.tsx';

const CONNECTION = {
  connecting: 'Connecting',
  online: 'Connected',
  waiting: 'Reconnecting',
  refused: 'Not connected',
  ended: 'Not connected',
};

export const Header = () => {
  const { me } = useConsole();
  const { lists } = useLists();
  const place = usePlace();
  const connection = useLink((state) => state.connection.status);
  const desks = me.desks.map((name) => me.allDesks.find((desk) => desk.name === name)?.title ?? name);
  const held = lists.mine.length;
  return (
    <header className="header">
      <Group gap="sm" wrap="nowrap" className="header-names">
        <span className="mark" aria-hidden>
          <IconHeadset size={20} />
        </span>
        <div className="clipped">
          <Text fw={650} size="sm" truncate dir="auto" component="h1">
            {me.company}
          </Text>
          <Tooltip label={desks.join(', ')} disabled={desks.length < 2}>
            <Text size="xs" c="dimmed" truncate dir="auto">
              {desks.join(', ')}
            </Text>
          </Tooltip>
        </div>
      </Group>
      {me.role !== 'agent' && (
        <nav aria-label="Screens" className="screens">
          <Button
            size="compact-sm"
            variant={place.screen === 'desk' ? 'light' : 'subtle'}
            color={place.screen === 'desk' ? 'fjord' : 'gray'}
            aria-current={place.screen === 'desk' ? 'page' : undefined}
            leftSection={<IconHeadset size={16} aria-hidden />}
            onClick={() => goTo({ screen: 'desk', conversation: null })}
          >
            My desk
          </Button>
          <Button
            size="compact-sm"
            variant={place.screen === 'floor' ? 'light' : 'subtle'}
            color={place.screen === 'floor' ? 'fjord' : 'gray'}
            aria-current={place.screen === 'floor' ? 'page' : undefined}
            leftSection={<IconUsers size={16} aria-hidden />}
            onClick={() => goTo({ screen: 'floor' })}
          >
            All desks
          </Button>
        </nav>
      )}
      <Button
        className="palette-button"
        variant="default"
        size="compact-md"
        fz="sm"
        onClick={spotlight.open}
        leftSection={<IconSearch size={15} aria-hidden />}
        rightSection={<Kbd size="xs">Ctrl K</Kbd>}
      >
        Commands
      </Button>
      <Group gap="sm" wrap="nowrap">
        <Tooltip label={CONNECTION[connection]}>
          <span className="connection" data-status={connection}>
            <span className="only-heard">{CONNECTION[connection]}</span>
          </span>
        </Tooltip>
        <Tooltip label={`You hold ${held} of at most ${me.capacity} conversations`}>
          <Badge variant="default" size="lg" radius="sm" className="capacity" data-full={held >= me.capacity}>
            <span aria-hidden>{`${held} / ${me.capacity}`}</span>
            <span className="only-heard">{`You hold ${held} of at most ${me.capacity} conversations`}</span>
          </Badge>
        </Tooltip>
        <StatusMenu />
        <ConsoleMenu />
      </Group>
    </header>
  );
};
