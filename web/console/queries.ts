import { useQueries, useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useApi } from './api-context.ts';
import { arranged, type Lists } from './entries.ts';

/** The socket says when something has changed; this is for a word of it that was lost, milliseconds. */
const AT_LEAST_EVERY = 60_000;

export const useMe = () => {
  const api = useApi();
  return useQuery({ queryKey: ['me'], queryFn: api.me, refetchInterval: 5 * AT_LEAST_EVERY });
};

const views = ['mine', 'waiting', 'approvals', 'recent'] as const;

/** The lists as the screen has them. */
export const useLists = () => {
  const api = useApi();
  const results = useQueries({
    queries: views.map((view) => ({
      queryKey: ['list', view],
      queryFn: () => api.conversations(view),
      refetchInterval: AT_LEAST_EVERY,
    })),
  });
  const [mine, waiting, approvals, recent] = results.map(({ data }) => data);
  const lists = useMemo(
    (): Lists =>
      arranged({ mine: mine ?? [], waiting: waiting ?? [], approvals: approvals ?? [], recent: recent ?? [] }),
    [mine, waiting, approvals, recent],
  );
  return {
    lists,
    isLoading: results.some(({ isPending }) => isPending),
    error: results.find(({ error, data }) => error && !data)?.error ?? null,
    refetch: () => Promise.all(results.map(({ refetch }) => refetch())),
  };
};

/** `null`: none is open, and nothing is read. */
export const useConversation = (id: string | null) => {
  const api = useApi();
  return useQuery({
    queryKey: ['conversation', id],
    queryFn: () => api.conversation(id ?? ''),
    refetchInterval: AT_LEAST_EVERY,
    enabled: id !== null,
  });
};

export const useFloor = (enabled = true) => {
  const api = useApi();
  return useQuery({ queryKey: ['floor'], queryFn: api.floor, refetchInterval: 15_000, enabled });
};
