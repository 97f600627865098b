import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { z } from 'zod';

const secret = z.string().min(32);

const secrets = z.strictObject({ desk: secret, identity: secret, postgres: secret, redis: secret });

export type Secrets = z.infer<typeof secrets>;

/** Reads the secrets in `file`, or draws them once: sessions, stored passwords and signed ids outlive a restart. */
export const keepSecrets = (file: string): Secrets => {
  if (!existsSync(file)) {
    const drawn = { desk: draw(), identity: draw(), postgres: draw(), redis: draw() };
    writeFileSync(file, `${JSON.stringify(drawn, null, 2)}\n`, { mode: 0o600 });
    return drawn;
  }
  const kept = secrets.safeParse(parse(readFileSync(file, 'utf8')));
  if (kept.success) return kept.data;
  throw new Error(`${file} cannot be read as secrets: restore it, or remove its whole folder to begin anew`);
};

const draw = () => randomBytes(32).toString('base64url');

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
};
