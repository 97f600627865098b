import type { WebSocket } from 'ws';
import { CLOSE, type CloseCode } from '../contracts/close-codes.ts';
import type { ConsoleServerFrame } from '../contracts/console-frames.ts';
import type { ServerFrame } from '../contracts/frames.ts';
import type { Limits } from './limits.ts';
import type { Link } from './link.ts';
import type { Metrics } from './metrics.ts';
import type { Session } from './session.ts';

/** The others are made up by a client, and a metric must not grow by what it makes up. */
const KNOWN_CODES = new Set<number>([1000, 1001, 1005, 1006, 1007, 1008, ...Object.values(CLOSE)]);

/** Customers' pages and agents' consoles alike. */
type AnyFrame = ServerFrame | ConsoleServerFrame;

export type SocketDeps = {
  limits: Pick<Limits, 'heartbeatMs' | 'pongMs' | 'unsentBytes'>;
  metrics: Metrics;
  createSession(link: Link<AnyFrame>): Session;
};

/** Puts a session behind a socket. Everything is attached when this returns, so that no frame is lost. */
export const attach = (socket: WebSocket, { limits, metrics, createSession }: SocketDeps) => {
  let isOpen = true;
  let closedWith: CloseCode | undefined;
  let unsent = 0;
  let waiting: (() => void)[] = [];
  let pongTimer: NodeJS.Timeout | undefined;

  const settle = (): void => {
    const settled = waiting;
    waiting = [];
    for (const resolve of settled) resolve();
  };

  const send = (frame: AnyFrame): void => {
    if (!isOpen) return;
    metrics.frames.inc({ direction: 'out', type: frame.type });
    if (frame.type === 'error') metrics.errors.inc({ code: frame.code });
    unsent += 1;
    socket.send(JSON.stringify(frame), () => {
      unsent -= 1;
      if (unsent === 0) settle();
    });
    silence.refresh();
    if (socket.bufferedAmount > limits.unsentBytes) close(CLOSE.slow);
  };

  const close = (code: CloseCode): void => {
    if (!isOpen) return;
    isOpen = false;
    closedWith = code;
    socket.close(code);
    settle();
  };

  const silence = setTimeout(() => {
    send({ type: 'heartbeat' });
  }, limits.heartbeatMs);

  const session = createSession({
    send,
    close,
    flushed: () => new Promise((resolve) => (isOpen && unsent > 0 ? waiting.push(resolve) : resolve())),
  });

  const tick = setInterval(() => {
    session.onTick();
    socket.ping();
    pongTimer ??= setTimeout(() => socket.terminate(), limits.pongMs);
  }, limits.heartbeatMs);

  const closed = new Promise<void>((resolve) => {
    socket.on('close', (received) => {
      const code = closedWith ?? received;
      isOpen = false;
      settle();
      clearTimeout(silence);
      clearTimeout(pongTimer);
      clearInterval(tick);
      metrics.closes.inc({ code: KNOWN_CODES.has(code) ? code : 'other' });
      session.onClose(code);
      resolve();
    });
  });

  socket.on('message', (data, isBinary) => {
    if (!isOpen) return;
    if (isBinary) close(CLOSE.unsupported);
    else session.onMessage(data.toString());
  });
  socket.on('ping', () => {
    if (isOpen) session.onPing();
  });
  socket.on('pong', () => {
    clearTimeout(pongTimer);
    pongTimer = undefined;
  });

  return {
    /** Resolves when the client is gone, the polite way. */
    async drain(reconnectAfterMs: number): Promise<void> {
      await session.drain(reconnectAfterMs);
      await closed;
    },
    terminate: (): void => socket.terminate(),
    closed,
  };
};

export type Attached = ReturnType<typeof attach>;
