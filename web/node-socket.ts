import WebSocket from 'ws';
import type { SocketConstructor } from './socket.ts';

/**
 * `ws` as the client takes it, for the terminal, the bench and tests. The gateway refuses an upgrade without an Origin
 * that it knows; its own address always is one. Compression is off because the gateway never negotiates it.
 */
export const nodeSocket = (origin: string): SocketConstructor =>
  class extends WebSocket {
    constructor(url: string) {
      super(url, { origin, perMessageDeflate: false });
    }
  };
