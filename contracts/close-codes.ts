/**
 * WebSocket close codes of the gateway. The number tells a client what to do, without reading the reason.
 * 1001–1015 as in RFC 6455 section 7.4.1; 4400 and up are ours, in the range that the RFC leaves to applications.
 */
export const CLOSE = {
  /** Binary frame: never reconnect with the same client. */
  unsupported: 1003,
  /** Frame above `MAX_FRAME_BYTES`: never. */
  tooBig: 1009,
  /** The node drains or restarts: reconnect after the delay of `bye`. */
  restart: 1012,
  /** Not JSON, not a frame, or no `hello` within 10 s: never. */
  protocol: 4400,
  /** Session or identity refused: get a new token first. */
  unauthorized: 4401,
  /** Unknown, foreign or closed conversation: never with this id. */
  notFound: 4404,
  /** The peer reads too slowly or stopped answering pings: reconnect now and resume. */
  slow: 4408,
  /** Too many frames or connections: reconnect later, with back-off. */
  tooMany: 4429,
} as const;

export type CloseCode = (typeof CLOSE)[keyof typeof CLOSE];

/** What a client does after a close: at once with jitter, after a pause, or never again. Unknown codes count as `later`. */
export const afterClose = (code: number): 'now' | 'later' | 'never' => {
  switch (code) {
    case CLOSE.restart:
    case CLOSE.slow:
    case 1001:
    case 1005:
    case 1006:
      return 'now';
    case CLOSE.unsupported:
    case CLOSE.tooBig:
    case CLOSE.protocol:
    case CLOSE.unauthorized:
    case CLOSE.notFound:
      return 'never';
    default:
      return 'later';
  }
};
