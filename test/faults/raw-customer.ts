import { once } from 'node:events';
import WebSocket from 'ws';
import type { ClientFrame } from '../../contracts/frames.ts';
import { createRecorder } from './recorder.ts';
import type { Recording } from './recording.ts';

type RawOptions = {
  name: string;
  recording: Recording;
  gateway: string;
  session: string;
  conversation: string;
};

/**
 * A second connection of a visitor that does what the product's client never would: the same message several times at once,
 * and an earlier one after a later one. Resolves when the gateway said welcome.
 */
export const connectRaw = async ({ name, recording, gateway, session, conversation }: RawOptions) => {
  const recorder = createRecorder(name, recording);
  const socket = new WebSocket(`${gateway.replace('http', 'ws')}/v1/socket`, {
    origin: gateway,
    perMessageDeflate: false,
  });
  // A gateway that is killed ends its connections in whatever way.
  socket.on('error', () => {});
  const acks = new Map<string, () => void>();
  const send = (frame: ClientFrame): void => {
    recorder.sent(frame);
    socket.send(JSON.stringify(frame));
  };
  const welcomed = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      const text = String(data);
      const { type, clientMessageId } = JSON.parse(text) as { type: string; clientMessageId?: string };
      recorder.received(text);
      if (type === 'welcome') resolve();
      if (type === 'ack' && clientMessageId !== undefined) acks.get(clientMessageId)?.();
    });
  });
  await once(socket, 'open');
  send({ type: 'hello', protocol: 1, session, conversation: { id: conversation } });
  await welcomed;
  return {
    /** Resolves with its acknowledgement, or after `withinMs` without one. */
    async send(clientMessageId: string, text: string, withinMs = 10_000): Promise<void> {
      let timer: NodeJS.Timeout | undefined;
      const acked = new Promise<void>((resolve) => {
        acks.set(clientMessageId, resolve);
        timer = setTimeout(resolve, withinMs);
      });
      send({ type: 'send', clientMessageId, text });
      await acked;
      clearTimeout(timer);
    },
    end: (): void => socket.terminate(),
  };
};
