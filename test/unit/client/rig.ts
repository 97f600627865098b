import type { DeskEvent, LoggedEvent } from '../../../contracts/events.ts';
import type { ServerFrame } from '../../../contracts/frames.ts';
import { createDeskClient, type DeskClientOptions } from '../../../web/client.ts';
import { forgetfulStorage } from '../../../web/memory.ts';
import { createFakeClock } from '../../doubles/fake-clock.ts';
import { createFakeSockets } from '../../doubles/fake-socket.ts';

export const id = `cnv_${'x'.repeat(43)}`;
export const at = '2026-01-05T09:00:00.000Z';

export const welcome = (change: Partial<Extract<ServerFrame, { type: 'welcome' }>> = {}): ServerFrame => ({
  type: 'welcome',
  protocol: 1,
  session: 'session-1',
  conversation: { id },
  customer: null,
  resumed: false,
  heartbeatMs: 10_000,
  desk: { company: 'Fjell', assistant: 'Juno' },
  ...change,
});

const emptySnapshot: ServerFrame = { type: 'snapshot', messages: [], position: null };

export const events = (from: number, ...list: DeskEvent[]): ServerFrame => ({
  type: 'events',
  events: list.map(
    (event, n): LoggedEvent => ({
      id: `e${from + n}`,
      at,
      position: { generation: 'generation-1', seq: from + n },
      event,
    }),
  ),
});

export const added = (clientMessageId: string, text: string, turn = 1): DeskEvent => ({
  type: 'message.added',
  message: { id: `c:${clientMessageId}`, author: 'customer', turn, text, at },
});

/** A client whose clock and sockets the test moves. Its ids are `message-1`, `message-2`, … */
export const setUp = (options: Partial<DeskClientOptions> = {}) => {
  const { clock, advance } = createFakeClock();
  const { WebSocket, sockets, newest } = createFakeSockets();
  const storage = options.storage ?? forgetfulStorage();
  let made = 0;
  const newId = () => `message-${++made}`;
  const client = createDeskClient({ url: 'ws://desk/v1/socket', WebSocket, storage, clock, newId, ...options });
  const sent = () => newest().frames.map((frame) => (frame.type === 'send' ? frame.clientMessageId : frame.type));
  /** Lets the client open its next socket, and greets it. */
  const greet = async (frame: ServerFrame = welcome()) => {
    await advance(0);
    newest().open();
    newest().deliver(frame);
    if (frame.type === 'welcome' && !frame.resumed) newest().deliver(emptySnapshot);
  };
  return { client, advance, sockets, newest, storage, sent, greet, clock };
};
