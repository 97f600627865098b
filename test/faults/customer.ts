import WebSocket from 'ws';
import { type ClientFrame, clientFrame } from '../../contracts/frames.ts';
import { type ClientState, createDeskClient } from '../../web/client.ts';
import { systemClock } from '../../web/clock.ts';
import { answerTo } from '../../web/conversation-view.ts';
import { createMemory, forgetfulStorage } from '../../web/memory.ts';
import type { SocketConstructor } from '../../web/socket.ts';
import { until } from '../../web/until.ts';
import type { Random } from './random.ts';
import { createRecorder } from './recorder.ts';
import type { Recording } from './recording.ts';

export type CustomerOptions = {
  name: string;
  recording: Recording;
  random: Random;
  /** The gateway for the next connection, `http://host:port`. */
  gateway(): string;
  /** A signed-in customer's token. */
  identity?: () => Promise<string>;
};

/** Discard (RFC 863): nobody listens there. */
const NOWHERE = 'http://127.0.0.1:9';

/** A customer with the product's own client, who writes down everything that goes over the wire and on the screen. */
export const createCustomer = ({ name, recording, random, gateway, identity }: CustomerOptions) => {
  const storage = forgetfulStorage();
  const recorder = createRecorder(name, recording);
  let socket: WebSocket | null = null;
  let origin = '';
  let isAway = false;
  let sending = (_frame: ClientFrame): void => {};

  class Tapped extends WebSocket {
    constructor() {
      origin = isAway ? NOWHERE : gateway();
      super(`${origin.replace('http', 'ws')}/v1/socket`, { origin, perMessageDeflate: false });
      socket = this;
      this.on('message', (data) => recorder.received(String(data)));
      this.on('close', (code) => recording.add({ type: 'closed', client: name, code }));
    }
    override send(data: string): void {
      const frame = clientFrame.parse(JSON.parse(data));
      recorder.sent(frame);
      super.send(data);
      sending(frame);
    }
  }

  const client = createDeskClient({
    url: 'ws://chosen.when.connecting',
    WebSocket: Tapped satisfies SocketConstructor,
    storage,
    clock: { ...systemClock, random: random.next },
    ...(identity && { identity }),
  });
  client.subscribe(recorder.shows);

  return {
    name,
    client,
    view: () => client.state().view,

    /** Resolves with the conversation's id once there is a welcome. */
    connected: (withinMs = 20_000): Promise<string> =>
      until(client, `${name}: a welcome`, (state) => isOnline(state) && state.conversationId, withinMs),

    send: (text: string): string => client.send(text),

    /** Resolves when the answer to a message is whole. `null`, and a line about it, when it does not come. */
    async answered(clientMessageId: string, withinMs = 75_000): Promise<string | null> {
      const answer = await until(client, 'answer', ({ view }) => answerTo(view, clientMessageId), withinMs).catch(
        () => null,
      );
      if (answer) return answer.text;
      recorder.unanswered(clientMessageId, withinMs);
      return null;
    },

    /** Resolves when the client shows at least `characters` of a reply in flight, or all of a shorter one. */
    streaming: (characters: number, withinMs = 60_000): Promise<true> => {
      const before = answers(client.state());
      const isFar = (state: ClientState): boolean =>
        (state.view.reply?.text.length ?? 0) >= characters || answers(state) > before;
      return until(client, `${name}: a reply`, isFar, withinMs).then(() => true);
    },

    /** The token of the visitor, for another connection of the same person. */
    session: (): string | null => createMemory(storage).read().session,

    /** The gateway of the last connection. */
    connectedTo: (): string => origin,

    /** The link breaks, without a word to either side. */
    cut: (): void => socket?.terminate(),

    /** No link, whatever the client tries, until `comeBack`. */
    stayAway(): void {
      isAway = true;
      socket?.terminate();
    },
    comeBack(): void {
      isAway = false;
    },

    /** Calls `then` right after a frame was handed to the socket. */
    onSending(then: (frame: ClientFrame) => void): void {
      sending = then;
    },

    /** Writes down what is on the screen, and leaves. */
    leave(): void {
      recorder.settled(client.state());
      client.end();
    },
  };
};

export type Customer = ReturnType<typeof createCustomer>;

const isOnline = ({ connection }: ClientState): boolean => connection.status === 'online';

const answers = ({ view }: ClientState): number => view.messages.filter(({ author }) => author === 'assistant').length;
