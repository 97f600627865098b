import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import type { ConversationView } from '../../../contracts/console.ts';
import type { Release } from '../api.ts';
import { useApi } from '../api-context.ts';
import { newId } from '../new-id.ts';
import { say } from '../notices.ts';
import { isPassing, sentenceFor } from '../sentences.ts';
import { goTo } from '../use-place.ts';

/** Lets go of a conversation, under one id however often it is tried. */
export const useRelease = (conversation: string, said: string, done: () => void) => {
  const api = useApi();
  const queries = useQueryClient();
  const [commandId] = useState(newId);
  const releasing = useMutation({
    mutationFn: (release: Omit<Release, 'term' | 'commandId'>) => {
      const view = queries.getQueryData<ConversationView>(['conversation', conversation]);
      return api.release(conversation, { ...release, term: view?.entry.term ?? 0, commandId });
    },
    retry: (failures, error) => failures < 2 && isPassing(error),
    onSuccess: () => {
      say(said);
      done();
      goTo({ screen: 'desk', conversation: null });
    },
    onSettled: () =>
      Promise.all([
        queries.invalidateQueries({ queryKey: ['list'] }),
        queries.invalidateQueries({ queryKey: ['conversation', conversation] }),
        queries.invalidateQueries({ queryKey: ['floor'] }),
      ]),
  });
  return {
    isReleasing: releasing.isPending,
    problem: releasing.error ? sentenceFor(releasing.error) : null,
    release: (release: Omit<Release, 'term' | 'commandId'>) => releasing.mutate(release),
  };
};
