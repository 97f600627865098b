import { NativeSelect, Table, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ChosenStatus, Floor } from '../../../contracts/console.ts';
import { useApi } from '../api-context.ts';
import { chosenStatuses, STATUSES, statusLabel } from '../header/statuses.ts';
import { complain } from '../notices.ts';
import { IconPhone } from '../parts/icons.ts';

type Agent = Floor['desks'][number]['agents'][number];

/** Who is there, how much they hold, and a way to change who is on. */
export const DeskAgents = ({ agents }: { agents: readonly Agent[] }) => {
  if (agents.length === 0) return null;
  return (
    <Table verticalSpacing={6} className="table" aria-label="People">
      <Table.Thead>
        <Table.Tr>
          <Table.Th>Person</Table.Th>
          <Table.Th>Status</Table.Th>
          <Table.Th ta="right">Holds</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {agents.map((agent) => (
          <AgentRow key={agent.id} agent={agent} />
        ))}
      </Table.Tbody>
    </Table>
  );
};

const AgentRow = ({ agent }: { agent: Agent }) => {
  const api = useApi();
  const queries = useQueryClient();
  const setting = useMutation({
    mutationFn: (status: ChosenStatus) => api.setAgentStatus(agent.id, status),
    onError: (error) => complain(`${agent.name} is as before`, error),
    onSettled: () => queries.invalidateQueries({ queryKey: ['floor'] }),
  });
  const shown = setting.isPending ? setting.variables : agent.status;
  return (
    <Table.Tr>
      <Table.Td>
        <span className="person">
          <span className="status-dot" data-status={shown} />
          <Text size="sm" truncate dir="auto" title={agent.name}>
            {agent.name}
          </Text>
          {agent.ringing && <IconPhone size={14} role="img" aria-label="An offer rings" className="offer-icon" />}
        </span>
      </Table.Td>
      <Table.Td>
        <NativeSelect
          size="xs"
          aria-label={`Status of ${agent.name}`}
          disabled={setting.isPending}
          value={shown}
          onChange={({ currentTarget }) => setting.mutate(currentTarget.value as ChosenStatus)}
        >
          {shown === 'wrapUp' && (
            <option value="wrapUp" disabled>
              {statusLabel('wrapUp')}
            </option>
          )}
          {chosenStatuses.map((status) => (
            <option key={status} value={status}>
              {STATUSES[status].label}
            </option>
          ))}
        </NativeSelect>
      </Table.Td>
      <Table.Td ta="right" className="numbers">{`${agent.load} of ${agent.capacity}`}</Table.Td>
    </Table.Tr>
  );
};
