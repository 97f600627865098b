import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { ChosenStatus, Me } from '../../../contracts/console.ts';
import { useApi } from '../api-context.ts';
import { useConsole, useLink } from '../console-context.tsx';
import { complain } from '../notices.ts';
import { shownStatus } from './statuses.ts';

/** The agent's status, as chosen and as the desks have it, and a way to choose another. */
export const useStatus = () => {
  const api = useApi();
  const queries = useQueryClient();
  const { me } = useConsole();
  const statuses = useLink((state) => state.statuses);
  const change = useMutation({
    mutationFn: (status: ChosenStatus) => api.setStatus(status),
    onSuccess: (_, status) => {
      queries.setQueryData<Me>(['me'], (before) => before && { ...before, status });
      return queries.invalidateQueries({ queryKey: ['me'] });
    },
    onError: (error) => complain('Your status is what it was', error),
  });
  const desks = me.desks.flatMap((desk) => statuses[desk] ?? []);
  return {
    chosen: me.status,
    shown: shownStatus(me.status, desks),
    isChanging: change.isPending,
    choose: (status: ChosenStatus) => change.mutate(status),
  };
};
