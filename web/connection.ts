import type { afterClose } from '../contracts/close-codes.ts';
import { patientPauseBefore, pauseBefore } from './backoff.ts';
import type { Clock } from './clock.ts';
import type { Socket, SocketConstructor } from './socket.ts';

/** From the attempt to its `welcome`. As long as the gateway waits for a `hello`. */
const WELCOME_TIMEOUT_MS = 10_000;
/** A connection that held for this long was no accident: the next pause starts small again. */
const STABLE_AFTER_MS = 5_000;
/** What a browser reports for a link that broke without a close frame. */
const BROKEN = 1006;

export type ConnectionStatus =
  | { status: 'connecting' }
  /** There was a welcome, and what it said is known. */
  | { status: 'online' }
  /** Not connected; the next attempt is made at `retryAt`, milliseconds since the epoch. */
  | { status: 'waiting'; retryAt: number }
  /** The gateway refuses this client, by close code. Only `reconnect` tries again. */
  | { status: 'refused'; code: number }
  | { status: 'ended' };

type Verdict = ReturnType<typeof afterClose>;

/** What the connection itself understands of a peer's frames: the greeting, and that the node leaves. */
type Frame = { type: string; heartbeatMs?: number; reconnectAfterMs?: number };

export type ConnectionDeps<Received extends Frame> = {
  url: string;
  WebSocket: SocketConstructor;
  clock: Clock;
  /** The first frame of each connection. A rejection counts as a connection that failed. */
  hello(): Promise<object>;
  /** `null` for what is no frame of this peer's. */
  read(data: unknown): Received | null;
  onFrame(frame: Received): void;
  onStatus(status: ConnectionStatus): void;
  /** Called once for every connection that the gateway closed. */
  onClose(code: number): Verdict;
};

/**
 * One socket at a time, opened again whenever it ends, with jitter so that the clients of a lost node do not come back
 * as one. A socket that is given up is never listened to again, however late its events come.
 */
export const createConnection = <Received extends Frame, Sent extends object>(deps: ConnectionDeps<Received>) => {
  const { clock } = deps;
  let status: ConnectionStatus = { status: 'connecting' };
  let socket: Socket | null = null;
  /** Grows with every attempt: what belongs to an earlier one finds another number here and does nothing. */
  let current = 0;
  let failures = 0;
  let lastHeard = 0;
  /** Longer silence than this means a dead link, milliseconds. */
  let patience = WELCOME_TIMEOUT_MS;
  /** When the gateway asked to be left; `null` while it stays. */
  let leaveAt: number | null = null;
  let cancelWatch: (() => void) | undefined;
  let cancelStable: (() => void) | undefined;
  let cancelRetry: (() => void) | undefined;

  const setStatus = (next: ConnectionStatus): void => {
    status = next;
    deps.onStatus(next);
  };

  const letGo = (how: 'politely' | 'at once'): void => {
    current++;
    cancelWatch?.();
    cancelStable?.();
    cancelRetry?.();
    const old = socket;
    socket = null;
    if (how === 'at once' && old?.terminate) old.terminate();
    else old?.close(1000);
  };

  const retryIn = (ms: number): void => {
    cancelRetry?.();
    cancelRetry = clock.after(ms, () => void open());
  };

  const pause = (ms: number): void => {
    retryIn(ms);
    setStatus({ status: 'waiting', retryAt: clock.now() + ms });
  };

  const lost = (verdict: Verdict, code: number): void => {
    letGo('at once');
    if (verdict === 'never') setStatus({ status: 'refused', code });
    else if (leaveAt !== null) pause(Math.max(0, leaveAt - clock.now()));
    else pause((verdict === 'now' ? pauseBefore : patientPauseBefore)(failures++, clock.random));
  };

  /** One timer that looks again, rather than one for every frame. */
  const watch = (ms: number): void => {
    cancelWatch?.();
    cancelWatch = clock.after(ms, () => {
      const left = lastHeard + patience - clock.now();
      if (left > 0) watch(left);
      else lost('now', BROKEN);
    });
  };

  const open = async (): Promise<void> => {
    letGo('politely');
    const attempt = current;
    leaveAt = null;
    lastHeard = clock.now();
    patience = WELCOME_TIMEOUT_MS;
    watch(patience);
    setStatus({ status: 'connecting' });
    const hello = await deps.hello().catch(() => null);
    if (attempt !== current) return;
    if (!hello) {
      lost('later', BROKEN);
      return;
    }
    const opened = new deps.WebSocket(deps.url);
    socket = opened;
    opened.addEventListener('open', () => {
      if (attempt === current) opened.send(JSON.stringify(hello));
    });
    // `ws` ends the process over an error nobody listens to. What to do about it is said by the close that follows.
    opened.addEventListener('error', () => {});
    opened.addEventListener('close', ({ code }) => {
      if (attempt === current) lost(deps.onClose(code), code);
    });
    opened.addEventListener('message', ({ data }) => {
      if (attempt === current) receive(deps.read(data));
    });
  };

  const receive = (frame: Received | null): void => {
    lastHeard = clock.now();
    if (!frame) return;
    if (frame.type === 'welcome') {
      patience = 2 * (frame.heartbeatMs ?? WELCOME_TIMEOUT_MS);
      watch(patience);
      cancelStable?.();
      cancelStable = clock.after(STABLE_AFTER_MS, () => {
        failures = 0;
      });
    }
    if (frame.type === 'bye') {
      const after = frame.reconnectAfterMs ?? 0;
      leaveAt = clock.now() + after;
      retryIn(after);
    }
    deps.onFrame(frame);
    if (frame.type === 'welcome') setStatus({ status: 'online' });
  };

  return {
    status: () => status,
    /** Only while the status is `online`. */
    send(frame: Sent): void {
      socket?.send(JSON.stringify(frame));
    },
    /** Leaves the connection there is and opens another one at once. */
    reconnect(): void {
      void open();
    },
    /** As after a lost link: with a pause that grows when it happens again and again. */
    restart(): void {
      if (status.status !== 'ended') lost('now', BROKEN);
    },
    /** The machine or the page was away: does not wait for a pause to end or for the silence of a dead link to be noticed. */
    wake(): void {
      const isSilent = clock.now() - lastHeard > 0.75 * patience;
      if (status.status === 'waiting' || (status.status === 'online' && isSilent)) void open();
    },
    end(): void {
      letGo('politely');
      setStatus({ status: 'ended' });
    },
  };
};
