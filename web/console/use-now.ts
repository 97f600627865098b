import { useEffect, useState } from 'react';
import { useConsole } from './console-context.tsx';

/** The server's time, again and again while the component stands. */
export const useNow = (everyMs = 1_000): number => {
  const { link } = useConsole();
  const [now, setNow] = useState(link.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(link.now()), everyMs);
    return () => clearInterval(timer);
  }, [link, everyMs]);
  return now;
};
