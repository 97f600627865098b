import { useMutation, useQueryClient } from '@tanstack/react-query';
import { RefusedError } from '../api.ts';
import { useApi } from '../api-context.ts';
import { useConsole } from '../console-context.tsx';
import type { Offer } from '../link.ts';
import { newId } from '../new-id.ts';
import { complain, say, warn } from '../notices.ts';
import { isPassing } from '../sentences.ts';
import { openConversation } from '../use-place.ts';

/** Accepting opens the conversation at once; everything about it is read on the way. */
export const useAnswerOffer = (offer: Offer | undefined) => {
  const api = useApi();
  const queries = useQueryClient();
  const { link } = useConsole();
  const answering = useMutation({
    mutationFn: ({ answer, commandId }: { answer: 'accept' | 'decline'; commandId: string; to: Offer }) => {
      if (!offer) throw new Error('nothing rings');
      return api.answerOffer({ desk: offer.desk, offer: offer.offer, commandId, answer });
    },
    // The same id again: an answer that got through without our knowing is not given twice.
    retry: (failures, error) => failures < 3 && isPassing(error),
    onSuccess: ({ conversationId }, { answer, to }) => {
      link.answered(to);
      void queries.invalidateQueries({ queryKey: ['list'] });
      if (answer === 'decline') return;
      if (conversationId === null) {
        warn('Too late', 'It rang out, or somebody else has it.');
        return;
      }
      void queries.invalidateQueries({ queryKey: ['conversation', conversationId] });
      say('It is yours', 'Everything that is known is on the right.');
      openConversation(conversationId);
    },
    onError: (error, { to }) => {
      if (error instanceof RefusedError && error.status === 409) {
        link.answered(to);
        warn('Too late', 'It rang out, or somebody else has it.');
      } else complain('Your answer did not get through', error);
    },
  });
  return {
    isAnswering: answering.isPending ? answering.variables.answer : null,
    answer: (answer: 'accept' | 'decline'): void => {
      if (offer && !answering.isPending) answering.mutate({ answer, commandId: newId(), to: offer });
    },
  };
};
