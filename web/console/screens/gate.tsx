import { Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { useQueryClient } from '@tanstack/react-query';
import { RefusedError } from '../api.ts';
import { ConsoleProvider } from '../console-context.tsx';
import { useMe } from '../queries.ts';
import { sentenceFor } from '../sentences.ts';
import { Main } from './main.tsx';
import { SignIn } from './sign-in.tsx';

/** Shows the console to who is signed in, and the way in to who is not. */
export const Gate = () => {
  const queries = useQueryClient();
  const { data: me, error, refetch, isFetching } = useMe();
  if (error instanceof RefusedError && error.status === 401) {
    return (
      <SignIn
        onSignedIn={async () => {
          queries.removeQueries({ predicate: ({ queryKey }) => queryKey[0] !== 'me' });
          await refetch();
        }}
      />
    );
  }
  if (me) {
    return (
      <ConsoleProvider me={me}>
        <Main />
      </ConsoleProvider>
    );
  }
  if (error) {
    return (
      <Center className="whole" component="main">
        <Stack align="center" gap="md" maw={420} role="alert">
          <Title order={1} size="h3">
            No connection to the desk
          </Title>
          <Text ta="center">{sentenceFor(error)}</Text>
          <Button loading={isFetching} onClick={() => void refetch()}>
            Try again
          </Button>
        </Stack>
      </Center>
    );
  }
  return (
    <Center className="whole" component="main" aria-busy="true">
      <Loader aria-label="The console is being opened" />
    </Center>
  );
};
