import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useRef } from 'react';
import { useApi } from '../api-context.ts';
import { newId } from '../new-id.ts';
import { sentenceFor } from '../sentences.ts';

/** Adds notes. The text stays in the composer until the desk holds it, under one id, so that a second try adds no second. */
export const useAddNote = (conversation: string) => {
  const api = useApi();
  const queries = useQueryClient();
  const pending = useRef<{ id: string; text: string } | null>(null);
  const adding = useMutation({
    mutationFn: ({ note }: { note: { id: string; text: string }; done(): void }) => api.addNote(conversation, note),
    onSuccess: (_, { done }) => {
      pending.current = null;
      done();
      return queries.invalidateQueries({ queryKey: ['conversation', conversation] });
    },
  });
  return {
    isAdding: adding.isPending,
    problem: adding.error ? `Not added. ${sentenceFor(adding.error)}` : null,
    add(text: string, done: () => void): void {
      if (adding.isPending) return;
      if (pending.current?.text !== text) pending.current = { id: newId(), text };
      adding.mutate({ note: pending.current, done });
    },
  };
};
