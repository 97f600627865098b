/** What the client needs of a WebSocket. The browser's own and that of `ws` both fit as they are. */
export interface Socket {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  /** Only `ws` has it: ends a dead link without the 30 s that its closing handshake may take. */
  terminate?(): void;
  addEventListener(type: 'open' | 'error', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { data: unknown }) => void): void;
  addEventListener(type: 'close', listener: (event: { code: number }) => void): void;
}

export type SocketConstructor = new (url: string) => Socket;
