import { createContext, type ReactNode, use, useMemo, useState } from 'react';
import { flushSync } from 'react-dom';

/** What a command wants of the composer; `count` tells two of the same apart. */
export type ComposerRequest = { what: 'reply' | 'note' | 'canned' | 'suggest'; count: number };

type Requests = { request: ComposerRequest | null; ask(what: ComposerRequest['what']): void };

const RequestsContext = createContext<Requests | null>(null);

/** Lets keys and the palette reach the composer of the open conversation. */
export const ComposerRequestsProvider = ({ children }: { children: ReactNode }) => {
  const [request, setRequest] = useState<ComposerRequest | null>(null);
  const value = useMemo(
    (): Requests => ({
      request,
      // At once, so that the very next key is a letter of the reply and no command.
      ask: (what) => flushSync(() => setRequest((before) => ({ what, count: (before?.count ?? 0) + 1 }))),
    }),
    [request],
  );
  return <RequestsContext value={value}>{children}</RequestsContext>;
};

export const useComposerRequests = (): Requests => {
  const requests = use(RequestsContext);
  if (!requests) throw new Error('useComposerRequests is for what is inside of ComposerRequestsProvider.');
  return requests;
};
