import { useCallback, useRef } from 'react';
import { useConsole } from '../console-context.tsx';

/** The customer's page shows "is typing" for a few seconds; this keeps it up, milliseconds. */
const EVERY_MS = 2_500;

/** To be called with every change of a reply: tells the others now and then. */
export const useTyping = (conversation: string): (() => void) => {
  const { link } = useConsole();
  const last = useRef(Number.NEGATIVE_INFINITY);
  return useCallback(() => {
    const now = performance.now();
    if (now - last.current < EVERY_MS) return;
    last.current = now;
    link.typing(conversation);
  }, [link, conversation]);
};
