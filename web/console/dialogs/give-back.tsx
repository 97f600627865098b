import { Text } from '@mantine/core';
import { useConsole } from '../console-context.tsx';
import { DialogFrame } from './dialog-frame.tsx';
import { useRelease } from './use-release.ts';

export const GiveBack = ({ conversation, onClose }: { conversation: string; onClose(): void }) => {
  const { me } = useConsole();
  const { release, isReleasing, problem } = useRelease(conversation, `${me.assistant} goes on`, onClose);
  return (
    <DialogFrame
      title={`Give back to ${me.assistant}`}
      onClose={onClose}
      problem={problem}
      submit={{ label: 'Give back', isBusy: isReleasing, run: () => release({ how: 'giveBack' }) }}
    >
      <Text size="sm">
        {`${me.assistant} answers the customer’s next message, and knows what you said. The customer sees who speaks.`}
      </Text>
    </DialogFrame>
  );
};
