import { Alert, Button, Skeleton, Stack, Text } from '@mantine/core';
import { FloorDesk } from '../floor/floor-desk.tsx';
import { useFloor } from '../queries.ts';
import { sentenceFor } from '../sentences.ts';

/** All desks, for who arranges them. */
export const FloorScreen = () => {
  const { data, error, refetch, isFetching } = useFloor();
  return (
    <main className="floor">
      <div className="floor-title">
        <h2>All desks</h2>
        {data && (
          <Text c="dimmed" size="sm">
            {summary(data.desks)}
          </Text>
        )}
      </div>
      {error && !data && (
        <Alert color="red" variant="light" role="alert" title="The desks could not be read">
          <Stack align="flex-start" gap="xs">
            {sentenceFor(error)}
            <Button size="compact-sm" variant="default" loading={isFetching} onClick={() => void refetch()}>
              Try again
            </Button>
          </Stack>
        </Alert>
      )}
      {!data && !error && (
        <Stack role="status" aria-label="Loading">
          <Skeleton height={180} radius="md" />
          <Skeleton height={180} radius="md" />
        </Stack>
      )}
      {data?.desks.map((desk) => (
        <FloorDesk key={desk.name} desk={desk} />
      ))}
    </main>
  );
};

type Desks = NonNullable<ReturnType<typeof useFloor>['data']>['desks'];

const summary = (desks: Desks): string => {
  const waiting = desks
    .flatMap(({ entries }) => entries)
    .filter(({ place }) => place === 'waiting' || place === 'offered');
  const held = desks.flatMap(({ entries }) => entries).filter(({ place }) => place === 'held');
  const there = new Set(
    desks.flatMap(({ agents }) => agents.filter(({ status }) => status === 'online').map(({ id }) => id)),
  );
  return `${waiting.length} waiting · ${held.length} with people · ${there.size} online`;
};
