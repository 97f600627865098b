import { Alert, Button, Center, Divider, Paper, PasswordInput, Stack, Text, TextInput, Title } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { useApi } from '../api-context.ts';
import { IconHeadset } from '../parts/icons.ts';
import { sentenceFor, signInSentence } from '../sentences.ts';
import { usePlaceHash } from '../use-place.ts';

/** Where the browser goes for the company's own sign-in; it comes back signed in. */
const OPEN_ID = '/console/api/openid';

export const SignIn = ({ onSignedIn }: { onSignedIn(): Promise<void> }) => {
  const api = useApi();
  const ways = useQuery({ queryKey: ['sign-in'], queryFn: api.signInWays });
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const signIn = useMutation({
    mutationFn: () => api.signIn(name.trim(), password),
    onSuccess: onSignedIn,
    onError: () => setPassword(''),
  });
  const company = ways.data?.company;
  const cameBackInVain = usePlaceHash() === '#sign-in-failed' && !signIn.error;

  useEffect(() => {
    document.title = company ? `Sign in · ${company}` : 'Sign in';
  }, [company]);

  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (name.trim() !== '' && password !== '' && !signIn.isPending) signIn.mutate();
  };

  return (
    <Center component="main" className="whole sign-in">
      <Paper withBorder shadow="sm" p="xl" radius="lg" w={400} maw="100%">
        <form onSubmit={submit} noValidate>
          <Stack gap="md">
            <div className="sign-in-mark" aria-hidden>
              <IconHeadset size={28} />
            </div>
            <div>
              <Title order={1} size="h3" dir="auto">
                {company ?? 'Agents’ console'}
              </Title>
              <Text c="dimmed" size="sm">
                Sign in to answer your customers.
              </Text>
            </div>
            {signIn.error && (
              <Alert color="red" variant="light" role="alert">
                {signInSentence(signIn.error)}
              </Alert>
            )}
            {cameBackInVain && (
              <Alert color="red" variant="light" role="alert">
                Signing in there did not work, or this console does not know you. Try again, or ask a supervisor.
              </Alert>
            )}
            {!signIn.error && ways.error && (
              <Alert color="red" variant="light" role="alert">
                {sentenceFor(ways.error)}
              </Alert>
            )}
            <TextInput
              label="Name"
              autoComplete="username"
              autoCapitalize="none"
              spellCheck={false}
              data-autofocus
              autoFocus
              required
              withAsterisk={false}
              value={name}
              onChange={(event) => setName(event.currentTarget.value)}
            />
            <PasswordInput
              label="Password"
              autoComplete="current-password"
              required
              withAsterisk={false}
              value={password}
              onChange={(event) => setPassword(event.currentTarget.value)}
            />
            <Button type="submit" loading={signIn.isPending} disabled={name.trim() === '' || password === ''} fullWidth>
              Sign in
            </Button>
            {ways.data?.openId && (
              <>
                <Divider label="or" />
                <Button component="a" href={OPEN_ID} variant="default" fullWidth>
                  {ways.data.openId.title}
                </Button>
              </>
            )}
          </Stack>
        </form>
      </Paper>
    </Center>
  );
};
