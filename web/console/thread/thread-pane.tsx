import { Alert, Button, Skeleton, Stack } from '@mantine/core';
import { useConversation } from '../queries.ts';
import { sentenceFor } from '../sentences.ts';
import { OpenThread } from './open-thread.tsx';

/** The conversation in the middle, once it was read. */
export const ThreadPane = ({ id }: { id: string }) => {
  const { data, error, refetch, isFetching } = useConversation(id);
  if (data) return <OpenThread shown={data} />;
  return (
    <main className="pane middle" aria-busy={!error}>
      {error ? (
        <Alert color="red" variant="light" m="lg" role="alert" title="This conversation could not be opened">
          <Stack align="flex-start" gap="xs">
            {sentenceFor(error)}
            <Button size="compact-sm" variant="default" loading={isFetching} onClick={() => void refetch()}>
              Try again
            </Button>
          </Stack>
        </Alert>
      ) : (
        <Stack p="lg" gap="lg" role="status" aria-label="Loading">
          <Skeleton height={28} width="40%" />
          <Skeleton height={64} width="60%" radius="lg" />
          <Skeleton height={88} width="65%" radius="lg" ml="auto" />
          <Skeleton height={48} width="45%" radius="lg" />
        </Stack>
      )}
    </main>
  );
};
