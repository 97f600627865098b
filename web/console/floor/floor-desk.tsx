import { Badge, Group, SegmentedControl, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Floor } from '../../../contracts/console.ts';
import type { DeskSwitch } from '../../../contracts/desk.ts';
import { useApi } from '../api-context.ts';
import { spanOf } from '../countdown.ts';
import { complain, say } from '../notices.ts';
import { useNow } from '../use-now.ts';
import { DeskAgents } from './desk-agents.tsx';
import { DeskEntries } from './desk-entries.tsx';

type Desk = Floor['desks'][number];

const SWITCH: { value: DeskSwitch; label: string }[] = [
  { value: 'hours', label: 'By its hours' },
  { value: 'open', label: 'Open' },
  { value: 'closed', label: 'Closed' },
];

/** One desk: whether it is open, who is there, who waits and how long. */
export const FloorDesk = ({ desk }: { desk: Desk }) => {
  const api = useApi();
  const queries = useQueryClient();
  const now = useNow(5_000);
  const switching = useMutation({
    mutationFn: (to: DeskSwitch) => api.switchDesk(desk.name, to),
    onSuccess: () => say('The desk is switched'),
    onError: (error) => complain('The desk is as it was', error),
    onSettled: () => queries.invalidateQueries({ queryKey: ['floor'] }),
  });
  const waiting = desk.entries.filter(({ place }) => place === 'waiting' || place === 'offered');
  const longest = Math.min(...waiting.map(({ since }) => Date.parse(since)));
  const late = waiting.filter(({ dueAt }) => Date.parse(dueAt) < now).length;
  const shown = switching.isPending ? switching.variables : desk.switch;
  return (
    <section className="desk-card" aria-label={desk.title}>
      <Group justify="space-between" gap="sm">
        <Group gap="sm" className="clipped">
          <h3 className="clipped" dir="auto">
            {desk.title}
          </h3>
          <Badge variant="light" color={desk.open ? 'teal' : 'gray'} tt="none">
            {desk.open ? 'Open' : 'Closed'}
          </Badge>
        </Group>
        <SegmentedControl
          size="xs"
          aria-label={`${desk.title} is open`}
          data={SWITCH}
          value={shown}
          disabled={switching.isPending}
          onChange={(to) => switching.mutate(to as DeskSwitch)}
        />
      </Group>
      <dl className="figures">
        <Figure label="Waiting" value={String(waiting.length)} />
        <Figure label="Longest wait" value={waiting.length > 0 ? spanOf(now - longest) : '–'} />
        <Figure label="Late" value={String(late)} isBad={late > 0} />
        <Figure label="Median wait, last hour" value={desk.waitedP50Ms === null ? '–' : spanOf(desk.waitedP50Ms)} />
        <Figure label="With people" value={String(desk.entries.filter(({ place }) => place === 'held').length)} />
      </dl>
      <div className="desk-tables">
        <DeskAgents agents={desk.agents} />
        <DeskEntries entries={desk.entries} agents={desk.agents} />
      </div>
      {desk.agents.length === 0 && desk.entries.length === 0 && (
        <Text size="sm" c="dimmed">
          Nobody works here today, and nobody waits.
        </Text>
      )}
    </section>
  );
};

const Figure = ({ label, value, isBad = false }: { label: string; value: string; isBad?: boolean }) => (
  <div data-bad={isBad}>
    <dt>{label}</dt>
    <dd>{value}</dd>
  </div>
);
