import type { CloseCode } from '../contracts/close-codes.ts';
import type { ServerFrame } from '../contracts/frames.ts';

/** One client, as everything behind the socket knows it. After `close`, and after the client left, sending does nothing. */
export type Link<F = ServerFrame> = {
  send(frame: F): void;
  /** Resolves when everything sent so far has left this process, or never will. */
  flushed(): Promise<void>;
  close(code: CloseCode): void;
};
