import type { ClientFrame, ServerFrame } from '../../contracts/frames.ts';
import type { Socket } from '../../web/socket.ts';

type Listener = (event: { data: unknown; code: number }) => void;

/** One connection as the gateway's side of a test sees it. */
export class FakeSocket implements Socket {
  readonly url: string;
  readonly frames: ClientFrame[] = [];
  closedByClient = false;
  private readonly listeners = new Map<string, Listener[]>();

  constructor(url: string) {
    this.url = url;
  }

  addEventListener(type: string, listener: Listener): void {
    this.listeners.set(type, [...(this.listeners.get(type) ?? []), listener]);
  }

  send(data: string): void {
    this.frames.push(JSON.parse(data));
  }

  close(): void {
    this.closedByClient = true;
  }

  open(): void {
    this.emit('open', {});
  }

  deliver(frame: ServerFrame | string): void {
    this.emit('message', { data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }

  closeWith(code: number): void {
    this.emit('close', { code });
  }

  private emit(type: string, event: { data?: unknown; code?: number }): void {
    for (const listener of this.listeners.get(type) ?? []) listener({ data: undefined, code: 0, ...event });
  }
}

/** A constructor that keeps every socket it made, the newest last. */
export const createFakeSockets = () => {
  const sockets: FakeSocket[] = [];
  const WebSocket = class extends FakeSocket {
    constructor(url: string) {
      super(url);
      sockets.push(this);
    }
  };
  const newest = (): FakeSocket => {
    const socket = sockets.at(-1);
    if (!socket) throw new Error('the client has not opened a socket yet');
    return socket;
  };
  return { WebSocket, sockets, newest };
};
