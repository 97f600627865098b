import { ActionIcon, Menu, Text, useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { useApi } from '../api-context.ts';
import { useConsole } from '../console-context.tsx';
import { useDialogs } from '../dialogs/dialogs-context.tsx';
import { complain } from '../notices.ts';
import { IconBell, IconBellOff, IconDots, IconKeyboard, IconLogout, IconMoon, IconSun } from '../parts/icons.ts';
import { useSingleKeys, useSound } from '../use-preference.ts';

const ROLES = { agent: 'Agent', supervisor: 'Supervisor', admin: 'Administrator' };

export const ConsoleMenu = () => {
  const { me } = useConsole();
  const api = useApi();
  const queries = useQueryClient();
  const dialogs = useDialogs();
  const { setColorScheme } = useMantineColorScheme();
  const isDark = useComputedColorScheme('light') === 'dark';
  const [sound, setSound] = useSound();
  const [keys, setKeys] = useSingleKeys();

  const signOut = (): void => {
    api.signOut().then(
      () => queries.resetQueries({ queryKey: ['me'] }),
      (error: unknown) => complain('You are still signed in', error),
    );
  };

  return (
    <Menu position="bottom-end" width={260} withinPortal={false} withInitialFocusPlaceholder={false}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label="Menu">
          <IconDots size={20} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>
          <Text size="sm" fw={600} c="var(--mantine-color-text)" truncate dir="auto">
            {me.name}
          </Text>
          {`${ROLES[me.role]} · ${me.id}`}
        </Menu.Label>
        <Menu.Divider />
        <Menu.Item
          leftSection={isDark ? <IconSun size={16} /> : <IconMoon size={16} />}
          onClick={() => setColorScheme(isDark ? 'light' : 'dark')}
        >
          {isDark ? 'Light colours' : 'Dark colours'}
        </Menu.Item>
        <Menu.Item
          leftSection={sound ? <IconBellOff size={16} /> : <IconBell size={16} />}
          onClick={() => setSound(!sound)}
        >
          {sound ? 'Offers without a sound' : 'Offers with a sound'}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => setKeys(!keys)}>
          {keys ? 'Turn single keys off' : 'Turn single keys on'}
        </Menu.Item>
        <Menu.Item leftSection={<IconKeyboard size={16} />} onClick={() => dialogs.open({ kind: 'help' })}>
          All keys
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item leftSection={<IconLogout size={16} />} onClick={signOut}>
          Sign out
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
};
