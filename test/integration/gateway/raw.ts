import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connect as connectTcp, type Socket } from 'node:net';

export type Raw = { socket: Socket; received: () => Buffer; closed: Promise<unknown> };

/** A bare TCP connection, for what no client library would send. */
export const openRaw = async (origin: string, text = ''): Promise<Raw> => {
  const { hostname, port } = new URL(origin);
  const socket = connectTcp(Number(port), hostname);
  const chunks: Buffer[] = [];
  socket.on('data', (chunk) => chunks.push(chunk));
  socket.on('error', () => {});
  const closed = once(socket, 'close');
  await once(socket, 'connect');
  if (text) socket.write(text);
  return { socket, received: () => Buffer.concat(chunks), closed };
};

/** The same after an upgrade that was accepted. What is received afterwards is WebSocket frames. */
export const upgradeRaw = async (origin: string): Promise<Raw> => {
  const key = randomBytes(16).toString('base64');
  const head = [
    'GET /v1/socket HTTP/1.1',
    `Host: ${new URL(origin).host}`,
    `Origin: ${origin}`,
    'Connection: Upgrade',
    'Upgrade: websocket',
    'Sec-WebSocket-Version: 13',
    `Sec-WebSocket-Key: ${key}`,
    'Sec-WebSocket-Extensions: permessage-deflate',
  ];
  const raw = await openRaw(origin, `${head.join('\r\n')}\r\n\r\n`);
  while (!raw.received().includes('\r\n\r\n')) await once(raw.socket, 'data');
  return raw;
};

/** One masked frame (RFC 6455 section 5.2) with a mask of zeros, so that the payload is readable. */
export const frame = (opcode: number, payload: Buffer, { fin = true, claim = payload.length } = {}): Buffer => {
  const head = Buffer.alloc(14);
  head[0] = (fin ? 0x80 : 0) | opcode;
  head[1] = 0x80 | 127;
  head.writeBigUInt64BE(BigInt(claim), 2);
  return Buffer.concat([head, payload]);
};

/** Waits for the close frame, and does not answer it. */
export const closeCode = async ({ socket, received }: Raw): Promise<number | undefined> => {
  while (!socket.destroyed && closeCodes(received()).length === 0)
    await Promise.race([once(socket, 'data'), once(socket, 'close')]);
  socket.destroy();
  return closeCodes(received())[0];
};

const closeCodes = (received: Buffer): number[] => {
  const body = received.subarray(received.indexOf('\r\n\r\n') + 4);
  const codes: number[] = [];
  for (let at = 0; at + 2 <= body.length; ) {
    const short = (body[at + 1] ?? 0) & 0x7f;
    const headLength = short === 126 ? 4 : short === 127 ? 10 : 2;
    const length =
      short === 126 ? body.readUInt16BE(at + 2) : short === 127 ? Number(body.readBigUInt64BE(at + 2)) : short;
    if (((body[at] ?? 0) & 0x0f) === 8 && length >= 2) codes.push(body.readUInt16BE(at + headLength));
    at += headLength + length;
  }
  return codes;
};
