import { Button, CloseButton, Group, Loader, Text } from '@mantine/core';
import { IconSparkles } from '../parts/icons.ts';
import { MarkedText } from '../parts/marked-text.tsx';
import type { Suggestion } from '../suggestion.ts';
import { Sources } from './bubble.tsx';

export type SuggestionPanelProps = {
  suggestion: Suggestion;
  onUse(text: string): void;
  onForget(): void;
  onAgain(): void;
};

/** The draft as it is written. Nothing here sends anything. */
export const SuggestionPanel = ({ suggestion, onUse, onForget, onAgain }: SuggestionPanelProps) => {
  const { text, status, sources } = suggestion;
  return (
    <section className="suggestion" aria-label="Suggested reply" aria-busy={status === 'writing'}>
      <Group justify="space-between" wrap="nowrap">
        <Group gap={8}>
          <IconSparkles size={15} aria-hidden />
          <Text size="sm" fw={600}>
            Suggested reply
          </Text>
          {status === 'writing' && <Loader size={13} aria-label="being written" />}
        </Group>
        <CloseButton size="sm" aria-label="Leave the suggestion" onClick={onForget} />
      </Group>
      {status === 'failed' ? (
        <Text size="sm" role="alert">
          There is none: the model is away, or has nothing to go by.
        </Text>
      ) : (
        <div className="suggestion-text">
          {text === '' ? <Text c="dimmed">Reading the conversation…</Text> : <MarkedText text={text} />}
        </div>
      )}
      <Sources sources={sources} />
      <div className="only-heard" role="status">
        {status === 'done' ? 'A suggested reply is ready.' : ''}
      </div>
      {status === 'done' && (
        <Group gap="xs">
          <Button size="compact-sm" color="grape" variant="filled" onClick={() => onUse(text)}>
            Put it into the reply
          </Button>
          <Button size="compact-sm" variant="default" onClick={onAgain}>
            Another one
          </Button>
          <Text size="xs" c="dimmed">
            You can change it before you send it.
          </Text>
        </Group>
      )}
      {status === 'failed' && (
        <Button size="compact-sm" variant="default" onClick={onAgain} style={{ alignSelf: 'flex-start' }}>
          Try again
        </Button>
      )}
    </section>
  );
};
