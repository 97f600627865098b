import { Tooltip } from '@mantine/core';
import { dueIn, spanOf } from '../countdown.ts';
import { useNow } from '../use-now.ts';
import { IconClock } from './icons.ts';

/** What is left of an SLA clock, by the server's time. */
export const DueTime = ({ at, label = 'SLA' }: { at: string; label?: string }) => {
  const { text, spoken, state } = dueIn(Date.parse(at), useNow());
  return (
    <Tooltip label={`${label} ${spoken}`}>
      <span className="due" data-state={state}>
        <IconClock size={13} aria-hidden />
        <span aria-hidden>{text}</span>
        <span className="only-heard">{`${label} ${spoken}`}</span>
      </span>
    </Tooltip>
  );
};

/** How long something has lasted. */
export const SinceTime = ({ at, before = '' }: { at: string; before?: string }) => {
  const now = useNow();
  return <>{`${before}${spanOf(now - Date.parse(at))}`}</>;
};
