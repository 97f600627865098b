import { Badge, Button, Group, Text } from '@mantine/core';
import type { Action, EffectState } from '../../../contracts/actions.ts';
import type { Approval } from '../../../contracts/console.ts';
import { useDialogs } from '../dialogs/dialogs-context.tsx';
import { useDecide } from '../dialogs/use-decide.ts';
import { DueTime } from '../parts/due.tsx';
import { IconShieldCheck } from '../parts/icons.ts';

const STATES: Record<EffectState, { label: string; color: string }> = {
  proposed: { label: 'The customer is asked', color: 'gray' },
  awaiting_approval: { label: 'Waits for approval', color: 'orange' },
  intended: { label: 'Being done', color: 'blue' },
  done: { label: 'Done', color: 'teal' },
  failed: { label: 'Not done', color: 'red' },
  unknown: { label: 'Outcome unknown', color: 'red' },
  cancelled: { label: 'Cancelled', color: 'gray' },
  denied: { label: 'Refused', color: 'red' },
  expired: { label: 'Expired', color: 'gray' },
  undone: { label: 'Taken back', color: 'gray' },
};

const list = new Intl.ListFormat('en', { type: 'conjunction' });

export type ActionCardProps = { conversation: string; action: Action; approval: Approval | null };

/** What the assistant wants to do, how it stands, and, where people have to agree, the ways to say so. */
export const ActionCard = ({ conversation, action, approval }: ActionCardProps) => {
  const { open } = useDialogs();
  const { decide, isDeciding } = useDecide(conversation);
  const { label, color } = STATES[action.state];
  const waits = action.state === 'awaiting_approval' && approval;
  return (
    <section className="action" data-state={action.state} aria-label={`Action: ${action.title}`}>
      <Group justify="space-between" wrap="nowrap" gap="xs" align="flex-start">
        <Group gap={8} wrap="nowrap">
          <IconShieldCheck size={18} aria-hidden className="no-shrink" />
          <Text fw={650} size="sm" dir="auto">
            {action.title}
          </Text>
        </Group>
        <Badge variant="light" color={color} tt="none" className="no-shrink">
          {label}
        </Badge>
      </Group>
      <dl className="facts">
        {action.arguments.map(({ label: name, value }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd dir="auto">{value}</dd>
          </div>
        ))}
      </dl>
      {approval && approval.approvedBy.length > 0 && (
        <Text size="xs" c="dimmed">
          {`Approved by ${list.format(approval.approvedBy)} (${approval.approvedBy.length} of ${approval.approvers})`}
        </Text>
      )}
      {waits && (
        <>
          {approval.approvedBy.length === 0 && approval.approvers > 1 && (
            <Text size="xs" c="dimmed">{`Needs ${approval.approvers} people.`}</Text>
          )}
          <Group gap="xs">
            <Button
              size="compact-sm"
              loading={isDeciding}
              onClick={() =>
                decide({ action: approval.id, argumentsHash: approval.argumentsHash, decision: 'approve' })
              }
            >
              Approve
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => open({ kind: 'edit', conversation, approval })}>
              Edit…
            </Button>
            <Button
              size="compact-sm"
              variant="light"
              color="red"
              onClick={() => open({ kind: 'refuse', conversation, approval })}
            >
              Refuse…
            </Button>
            {action.expiresAt && <DueTime at={action.expiresAt} label="Approval" />}
          </Group>
        </>
      )}
    </section>
  );
};
