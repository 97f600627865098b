import { position } from '../../contracts/events.ts';
import { type ClientFrame, serverFrame } from '../../contracts/frames.ts';
import type { ClientState } from '../../web/client.ts';
import type { Recording } from './recording.ts';

/** Turns the frames and states of one client into lines. */
export const createRecorder = (client: string, recording: Recording) => {
  let conversation = '';
  let shown = '';
  const received = (text: string): void => {
    const frame = serverFrame.safeParse(JSON.parse(text)).data;
    const seen = { client, conversation };
    switch (frame?.type) {
      case 'welcome':
        conversation = frame.conversation.id;
        recording.add({ type: 'welcome', client, conversation, resumed: frame.resumed });
        break;
      case 'snapshot':
        recording.add({ type: 'snapshot', ...seen, position: frame.position, messages: frame.messages });
        break;
      case 'events':
        recording.add({ type: 'events', ...seen, events: frame.events });
        break;
      case 'ack':
        recording.add({ type: 'acked', ...seen, clientMessageId: frame.clientMessageId });
        break;
      case 'error':
        if (frame.clientMessageId !== undefined)
          recording.add({ type: 'refused', ...seen, clientMessageId: frame.clientMessageId, code: frame.code });
        break;
      default:
    }
  };
  return {
    received,
    sent(frame: ClientFrame): void {
      if (frame.type === 'send') {
        const { clientMessageId, text } = frame;
        recording.add({ type: 'sent', client, conversation, clientMessageId, text });
      } else if (frame.type === 'hello') {
        const asked = position.safeParse(frame.conversation?.position);
        recording.add({ type: 'hello', client, position: asked.success ? asked.data : null });
      }
    },
    shows({ view: { reply } }: ClientState): void {
      const state = reply ? `${reply.turn} ${reply.attempt} ${reply.text}` : '';
      if (state === shown) return;
      shown = state;
      if (reply) recording.add({ type: 'shown', client, conversation, ...reply });
    },
    settled({ view }: ClientState): void {
      const replying = view.reply !== null;
      recording.add({ type: 'settled', client, conversation, messages: [...view.messages], replying });
    },
    unanswered(clientMessageId: string, afterMs: number): void {
      recording.add({ type: 'unanswered', client, conversation, clientMessageId, afterMs });
    },
  };
};
