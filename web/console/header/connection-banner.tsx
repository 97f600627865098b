import { Button } from '@mantine/core';
import { useEffect, useState } from 'react';
import { CLOSE } from '../../../contracts/close-codes.ts';
import { useConsole, useLink } from '../console-context.tsx';
import { IconWifiOff } from '../parts/icons.ts';

/** A link that is back within this many milliseconds is not worth a word. */
const PATIENCE_MS = 1_500;

/** Says what stands between the agent and the desk, and what happens to what they write meanwhile. */
export const ConnectionBanner = () => {
  const connection = useLink((state) => state.connection);
  const { link } = useConsole();
  const isAway = connection.status !== 'online';
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    setLong(false);
    if (!isAway) return;
    const timer = setTimeout(() => setLong(true), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isAway]);

  const isRefused = connection.status === 'refused';
  if (!isRefused && !(isAway && isLong)) return <div role="status" className="banner-place" />;
  return (
    <div role="status" className="banner">
      <IconWifiOff size={18} aria-hidden />
      <span>
        {isRefused
          ? connection.code === CLOSE.unauthorized
            ? 'Your sign-in has ended.'
            : 'This page does not get through to the desk any more. Load it again.'
          : navigator.onLine
            ? 'Connection lost. What you write is kept and sent as soon as it is back. No offers ring meanwhile.'
            : 'You are offline. What you write is kept and sent as soon as you are back.'}
      </span>
      <Button
        size="compact-sm"
        variant="white"
        color="dark"
        onClick={() => (isRefused ? location.reload() : link.reconnect())}
      >
        {isRefused ? 'Load again' : 'Try now'}
      </Button>
    </div>
  );
};
