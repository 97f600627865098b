import { useCallback } from 'react';
import { useApi } from '../api-context.ts';
import { useConsole, useLink } from '../console-context.tsx';
import { newId } from '../new-id.ts';
import { complain } from '../notices.ts';

/** A reply that the assistant drafts for the agent, who may take it, change it or leave it. */
export const useSuggestion = (conversation: string) => {
  const api = useApi();
  const { link } = useConsole();
  const current = useLink((state) => state.suggestions[conversation]);
  const forget = useCallback(() => link.expectSuggestion(conversation, null), [link, conversation]);
  const ask = useCallback(() => {
    if (link.state().suggestions[conversation]?.status === 'writing') return;
    const commandId = newId();
    // Expected before it is asked for: its first words may overtake the answer.
    link.expectSuggestion(conversation, commandId);
    api.suggest(conversation, commandId).catch((error: unknown) => {
      forget();
      complain('No suggestion', error);
    });
  }, [api, link, conversation, forget]);
  return { current: current ?? null, isAsking: current?.status === 'writing', ask, forget };
};
