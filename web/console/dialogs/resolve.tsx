import { Radio, Stack, Textarea } from '@mantine/core';
import { useState } from 'react';
import { DialogFrame } from './dialog-frame.tsx';
import { useRelease } from './use-release.ts';

type Outcome = 'agent' | 'ticketed' | 'abandoned';

const OUTCOMES: { value: Outcome; label: string; means: string }[] = [
  { value: 'agent', label: 'Solved', means: 'The customer has what they came for.' },
  { value: 'ticketed', label: 'Goes on in a ticket', means: 'Somebody takes care of it elsewhere.' },
  { value: 'abandoned', label: 'The customer left', means: 'They did not answer any more.' },
];

/** The contract's limit of a release's note, in UTF-16 code units. */
const MAX_NOTE = 500;

export const Resolve = ({ conversation, onClose }: { conversation: string; onClose(): void }) => {
  const [outcome, setOutcome] = useState<Outcome>('agent');
  const [note, setNote] = useState('');
  const { release, isReleasing, problem } = useRelease(conversation, 'Resolved', onClose);
  return (
    <DialogFrame
      title="Resolve the conversation"
      onClose={onClose}
      problem={problem}
      submit={{
        label: 'Resolve',
        isBusy: isReleasing,
        run: () => release({ how: 'resolve', outcome, ...(note.trim() && { note: note.trim() }) }),
      }}
    >
      <Radio.Group label="How did it end?" value={outcome} onChange={(value) => setOutcome(value as Outcome)}>
        <Stack gap="xs" mt="xs">
          {OUTCOMES.map(({ value, label, means }) => (
            <Radio
              key={value}
              value={value}
              label={label}
              description={means}
              data-autofocus={value === 'agent' || undefined}
            />
          ))}
        </Stack>
      </Radio.Group>
      <Textarea
        label="What was it about, and what was done? (optional)"
        description="For colleagues and reports. The customer does not see it."
        autosize
        minRows={3}
        maxRows={8}
        maxLength={MAX_NOTE}
        value={note}
        onChange={({ currentTarget }) => setNote(currentTarget.value)}
      />
    </DialogFrame>
  );
};
