import { notifications } from '@mantine/notifications';
import type { ConsoleServerFrame } from '../../contracts/console-frames.ts';
import { sentenceFor } from './sentences.ts';

/** Words in the corner, read out by screen readers. Mistakes stay until they are put away. */
export const say = (title: string, message = ''): void =>
  void notifications.show({ title, message, color: 'fjord', autoClose: 5_000 });

export const warn = (title: string, message = ''): void =>
  void notifications.show({ title, message, color: 'orange', autoClose: 12_000 });

export const complain = (title: string, error: unknown): void =>
  void notifications.show({ title, message: sentenceFor(error), color: 'red', autoClose: false });

const CLOCKS = { firstReply: 'The first reply', nextReply: 'The next reply', resolution: 'The solution' };

export const noticeOfSla = ({
  clock,
  kind,
  conversationId,
}: Extract<ConsoleServerFrame, { type: 'sla.reached' }>): void =>
  void notifications.show({
    id: `sla:${conversationId}:${clock}:${kind}`,
    title: kind === 'breach' ? `${CLOCKS[clock]} is late` : `${CLOCKS[clock]} is due soon`,
    message: 'One of your conversations. It stands at the top of your list.',
    color: kind === 'breach' ? 'red' : 'orange',
    autoClose: 12_000,
  });
