import { Text, Textarea } from '@mantine/core';
import { useState } from 'react';
import type { Approval } from '../../../contracts/console.ts';
import { DialogFrame } from './dialog-frame.tsx';
import { useDecide } from './use-decide.ts';

export type RefuseProps = { conversation: string; approval: Approval; onClose(): void };

export const Refuse = ({ conversation, approval, onClose }: RefuseProps) => {
  const [reason, setReason] = useState('');
  const { decide, isDeciding } = useDecide(conversation, onClose);
  const { id, argumentsHash, title } = approval;
  return (
    <DialogFrame
      title={`Refuse: ${title}`}
      onClose={onClose}
      submit={{
        label: 'Refuse',
        color: 'red',
        isBusy: isDeciding,
        isDisabled: reason.trim() === '',
        run: () => decide({ action: id, argumentsHash, decision: 'deny', reason: reason.trim() }),
      }}
    >
      <Text size="sm" c="dimmed">
        Nothing is done. The assistant is given your reason to explain it to the customer.
      </Text>
      <Textarea
        label="Why?"
        data-autofocus
        required
        autosize
        minRows={3}
        maxRows={8}
        maxLength={2_000}
        value={reason}
        onChange={({ currentTarget }) => setReason(currentTarget.value)}
      />
    </DialogFrame>
  );
};
