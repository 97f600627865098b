import { Anchor, Badge, Button, Table, Text } from '@mantine/core';
import type { Floor } from '../../../contracts/console.ts';
import { useDialogs } from '../dialogs/dialogs-context.tsx';
import { DueTime, SinceTime } from '../parts/due.tsx';
import { reasonWords } from '../parts/reason.ts';
import { hashOf } from '../place.ts';

type Desk = Floor['desks'][number];
type Place = Desk['entries'][number]['place'];

const PLACES: Record<Place, { label: string; color: string }> = {
  waiting: { label: 'Waits', color: 'orange' },
  offered: { label: 'Rings', color: 'blue' },
  taking: { label: 'Being taken', color: 'blue' },
  held: { label: 'With', color: 'teal' },
  returning: { label: 'Comes back', color: 'gray' },
};

/** The line of a desk, and what its people have. */
export const DeskEntries = ({ entries, agents }: Pick<Desk, 'entries' | 'agents'>) => {
  const { open } = useDialogs();
  if (entries.length === 0) {
    return (
      <Text size="sm" c="dimmed" className="nobody">
        Nobody waits here.
      </Text>
    );
  }
  return (
    <Table verticalSpacing={6} className="table" aria-label="Conversations">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Where</Table.Th>
          <Table.Th>Why</Table.Th>
          <Table.Th>For</Table.Th>
          <Table.Th>Due</Table.Th>
          <Table.Th>
            <span className="only-heard">What to do</span>
          </Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {entries.map(({ id, place, position, priority, agent, reason, since, dueAt }) => {
          const who = agents.find((one) => one.id === agent)?.name ?? agent;
          const { label, color } = PLACES[place];
          return (
            <Table.Tr key={id}>
              <Table.Td>
                <Badge variant="light" color={color} tt="none">
                  {who ? (place === 'held' ? who : `${label} at ${who}`) : `${label} · no. ${position}`}
                </Badge>
              </Table.Td>
              <Table.Td>
                <Anchor size="sm" href={hashOf({ screen: 'desk', conversation: id })}>
                  {reasonWords(reason)}
                </Anchor>
                {priority > 0 && (
                  <Text span size="xs" c="dimmed">
                    {` · priority ${priority}`}
                  </Text>
                )}
              </Table.Td>
              <Table.Td className="numbers">
                <SinceTime at={since} />
              </Table.Td>
              <Table.Td>
                <DueTime at={dueAt} />
              </Table.Td>
              <Table.Td ta="right">
                <Button
                  size="compact-xs"
                  variant="default"
                  onClick={() => open({ kind: 'reassign', conversation: id })}
                >
                  Reassign
                </Button>
              </Table.Td>
            </Table.Tr>
          );
        })}
      </Table.Tbody>
    </Table>
  );
};
