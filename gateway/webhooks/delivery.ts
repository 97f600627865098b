import { createHmac, timingSafeEqual } from 'node:crypto';

/** What a request carried: header names in lower case as Node.js gives them, the body's very bytes, the address it was sent to. */
export type Delivery = {
  method: string;
  url: string;
  headers: Readonly<Record<string, string | string[] | undefined>>;
  body: Buffer;
};

/** The value of a header, or `''` when it is missing or was sent twice. */
export const headerOf = ({ headers }: Delivery, name: string): string => {
  const value = headers[name];
  return typeof value === 'string' ? value : '';
};

export const hmac = (secret: string, ...parts: (string | Buffer)[]): Buffer => {
  const digest = createHmac('sha256', secret);
  for (const part of parts) digest.update(part);
  return digest.digest();
};

/** Compares in constant time, as text: a decoder would overlook what follows the padding. */
export const matches = (digest: Buffer, text: string, encoding: 'hex' | 'base64'): boolean => {
  const [sent, expected] = [Buffer.from(text), Buffer.from(digest.toString(encoding))];
  return sent.length === expected.length && timingSafeEqual(sent, expected);
};
