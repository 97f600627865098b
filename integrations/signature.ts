import { createHmac } from 'node:crypto';

/**
 * The `Duradesk-Signature` header of what we send: `t=<seconds>,v1=<hex of HMAC-SHA256 over "<t>.<body>">`. While a secret
 * is being replaced, give both: there is one `v1` for each, and a receiver takes any.
 */
export const signatureHeader = (secrets: readonly string[], body: Buffer, now: Date): string => {
  const seconds = Math.floor(now.getTime() / 1_000);
  const sign = (secret: string): string =>
    createHmac('sha256', secret).update(`${seconds}.`).update(body).digest('hex');
  return [`t=${seconds}`, ...secrets.map((secret) => `v1=${sign(secret)}`)].join(',');
};
