import { Kbd, Switch, Text } from '@mantine/core';
import { keyName } from '../commands.ts';
import { useCommands } from '../use-commands.ts';
import { useSingleKeys } from '../use-preference.ts';
import { DialogFrame } from './dialog-frame.tsx';

const ALWAYS: [string, string][] = [
  ['Ctrl K', 'All commands; ⌘ K on a Mac'],
  ['Enter', 'Sends what you wrote; Shift Enter breaks the line'],
  ['/', 'Ready-made texts, at the beginning of a reply'],
  ['Esc', 'Leaves the composer, a menu or a dialog'],
  ['Ctrl Enter', 'Does what a dialog is for'],
];

/** All keys, from the same list that acts on them. */
export const Help = ({ onClose }: { onClose(): void }) => {
  const commands = useCommands().all.filter(({ key }) => key !== undefined);
  const groups = [...new Set(commands.map(({ group }) => group))];
  const [keys, setKeys] = useSingleKeys();
  return (
    <DialogFrame title="Keys" onClose={onClose} size="lg">
      <Switch
        label="Single keys are commands while nobody writes"
        checked={keys}
        onChange={({ currentTarget }) => setKeys(currentTarget.checked)}
        data-autofocus
      />
      <div className="help">
        <section>
          <Text component="h3" size="sm" fw={650}>
            Everywhere
          </Text>
          <dl>
            {ALWAYS.map(([key, label]) => (
              <div key={key}>
                <dt>
                  <Kbd size="xs">{key}</Kbd>
                </dt>
                <dd>{label}</dd>
              </div>
            ))}
          </dl>
        </section>
        {groups.map((group) => (
          <section key={group}>
            <Text component="h3" size="sm" fw={650}>
              {group}
            </Text>
            <dl>
              {commands
                .filter((command) => command.group === group)
                .map((command) => (
                  <div key={command.id}>
                    <dt>
                      <Kbd size="xs">{keyName(command)}</Kbd>
                    </dt>
                    <dd>{command.label}</dd>
                  </div>
                ))}
            </dl>
          </section>
        ))}
      </div>
    </DialogFrame>
  );
};
