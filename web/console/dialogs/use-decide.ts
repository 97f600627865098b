import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { Decided, Decision } from '../api.ts';
import { useApi } from '../api-context.ts';
import { complain, say } from '../notices.ts';

const OUTCOMES: Record<Decided['state'], [string, string]> = {
  approved: ['Approved', 'It is being done.'],
  denied: ['Refused', 'The customer is told.'],
  waiting: ['Your approval counts', 'It waits for another person.'],
  checking: ['Being checked', 'The other arguments are checked; then they have to be approved.'],
};

/** An agent's word on what the assistant proposes. */
export const useDecide = (conversation: string, done?: () => void) => {
  const api = useApi();
  const queries = useQueryClient();
  const deciding = useMutation({
    mutationFn: (decision: Decision) => api.decide(conversation, decision),
    onSuccess: ({ state }) => {
      say(...OUTCOMES[state]);
      done?.();
    },
    onError: (error) => complain('Nothing was decided', error),
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['conversation', conversation] }),
        queries.invalidateQueries({ queryKey: ['list'] }),
      ]),
  });
  return { isDeciding: deciding.isPending, decide: (decision: Decision) => deciding.mutate(decision) };
};
