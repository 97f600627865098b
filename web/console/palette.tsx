import { Kbd } from '@mantine/core';
import { Spotlight } from '@mantine/spotlight';
import { useEffect, useRef } from 'react';
import { type Command, commandFor, keyName } from './commands.ts';
import { useDialogs } from './dialogs/dialogs-context.tsx';
import { IconSearch } from './parts/icons.ts';
import { useCommands } from './use-commands.ts';
import { useSingleKeys } from './use-preference.ts';

/** All commands by name, and their keys. */
export const Palette = () => {
  const { all, go } = useCommands();
  useKeys(all);
  const groups = [...new Set(all.map(({ group }) => group))].map((group) => ({
    group,
    actions: all.filter((command) => command.group === group).map(actionOf),
  }));
  return (
    <Spotlight
      actions={[
        ...groups,
        {
          group: 'Conversations',
          actions: go.map((command) => ({ ...actionOf(command), description: command.also ?? '' })),
        },
      ]}
      shortcut="mod + K"
      nothingFound="No command of that name"
      highlightQuery
      scrollable
      maxHeight={420}
      lockScroll={false}
      attributes={{ content: { 'aria-label': 'Commands' } }}
      searchProps={{
        leftSection: <IconSearch size={18} aria-hidden />,
        placeholder: 'A command, or a customer',
        'aria-label': 'Search commands and customers',
      }}
    />
  );
};

/** A palette that closes gives the focus back after 10 ms: what a command does with the focus has to come after that. */
const AFTER_CLOSING_MS = 30;

const actionOf = (command: Command) => {
  const key = keyName(command);
  return {
    id: command.id,
    label: command.label,
    keywords: command.also ?? '',
    rightSection: key === null ? undefined : <Kbd size="xs">{key}</Kbd>,
    onClick: () => void setTimeout(command.run, AFTER_CLOSING_MS),
  };
};

const isWriting = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.isContentEditable || target.matches('input, textarea, select'));

/** Single keys, while nobody writes and no dialog is open; with Alt always. */
const useKeys = (commands: readonly Command[]): void => {
  const { dialog } = useDialogs();
  const [areOn] = useSingleKeys();
  const latest = useRef(commands);
  latest.current = commands;
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isElsewhere = dialog !== null || document.querySelector('[role="dialog"], [role="menu"]') !== null;
      if (event.defaultPrevented || event.repeat || isElsewhere) return;
      const command = commandFor(latest.current, event, isWriting(event.target) || !areOn);
      if (!command) return;
      event.preventDefault();
      command.run();
    };
    addEventListener('keydown', onKeyDown);
    return () => removeEventListener('keydown', onKeyDown);
  }, [dialog, areOn]);
};
