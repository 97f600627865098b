import { MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useState } from 'react';
import { createApi, type Fetch } from './api.ts';
import { ApiContext } from './api-context.ts';
import { Gate } from './screens/gate.tsx';
import { isPassing } from './sentences.ts';
import { theme } from './theme.ts';

const browserFetch: Fetch = (url, init) => fetch(url, { ...init, credentials: 'same-origin' });

/** What did not get through is tried twice more; what was refused would be refused again. */
const createQueries = () =>
  new QueryClient({
    defaultOptions: {
      queries: { retry: (failures, error) => failures < 2 && isPassing(error), staleTime: 5_000 },
      mutations: { retry: false },
    },
  });

// Whatever Mantine would write into <style> elements is in the style sheet: the page's policy allows nothing else.
export const App = () => {
  const [queries] = useState(createQueries);
  const [api] = useState(() => createApi(browserFetch));
  return (
    <MantineProvider theme={theme} defaultColorScheme="auto" withCssVariables={false} withGlobalClasses={false}>
      <Notifications position="bottom-right" limit={4} />
      <QueryClientProvider client={queries}>
        <ApiContext value={api}>
          <Gate />
        </ApiContext>
      </QueryClientProvider>
    </MantineProvider>
  );
};
