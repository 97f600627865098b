import { createSecretKey, hkdfSync, randomBytes } from 'node:crypto';
import { jwtVerify, SignJWT } from 'jose';
import { z } from 'zod';
import { type Subject, subject as subjectSchema } from '../contracts/ids.ts';
import { isStorable } from '../contracts/text.ts';

const AUDIENCE = 'duradesk';
const ISSUER = 'duradesk/gateway';
const SESSION_DAYS = 30;
/** A session that is used gets a new token this often, so that only an unused one expires. */
const RENEW_AFTER_S = 24 * 3_600;
/** How far the company's clock may be from ours. */
const CLOCK_SKEW_S = 5;

/** Someone a token speaks for. `expiresAt` is epoch milliseconds. */
export type Holder = { subject: Subject; expiresAt: number };
export type Visitor = Holder & { token?: string };
export type Customer = Holder & { id: string; name?: string };

/** The token is not one of ours or the company's, or not any more. The message says why, to whoever runs the desk alone. */
export class Unauthorized extends Error {
  override readonly name = 'Unauthorized';
}

const visitorClaims = z.object({
  sub: subjectSchema.refine((sub) => sub.startsWith('visitor:')),
  exp: z.int(),
  iat: z.int(),
});

const customerClaims = z.object({
  sub: z.string().refine((sub) => isStorable(sub) && subjectSchema.safeParse(`customer:${sub}`).success),
  exp: z.number(),
  name: z.string().max(200).refine(isStorable).optional(),
});

/**
 * Sessions of visitors, signed here, and identities of customers, signed by the company's backend. The keys differ, and
 * the algorithm is pinned, so that no token passes for another kind.
 */
export const createTokens = ({ secret, identitySecret }: { secret: string; identitySecret?: string | undefined }) => {
  const sessionKey = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'duradesk/session', 32)));
  const identityKey = identitySecret === undefined ? null : createSecretKey(identitySecret, 'utf8');

  const openSession = async (subject: Subject): Promise<Visitor> => {
    const iat = Math.floor(Date.now() / 1_000);
    const exp = iat + SESSION_DAYS * 24 * 3_600;
    const token = await new SignJWT({ sub: subject, aud: AUDIENCE, iss: ISSUER, iat, exp })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(sessionKey);
    return { subject, expiresAt: exp * 1_000, token };
  };

  return {
    /** The visitor of a session; `token` is there when the client has to keep a new one. Rejects with `Unauthorized`. */
    async visitor(token?: string): Promise<Visitor> {
      if (token === undefined) return openSession(`visitor:${randomBytes(16).toString('base64url')}`);
      const { sub, exp, iat } = await verified(token, sessionKey, visitorClaims, { issuer: ISSUER });
      if (Date.now() / 1_000 - iat > RENEW_AFTER_S) return openSession(sub);
      return { subject: sub, expiresAt: exp * 1_000 };
    },

    /** The signed-in customer that the company vouches for. Rejects with `Unauthorized`. */
    async customer(token: string): Promise<Customer> {
      if (!identityKey) throw new Unauthorized('an identity came, but DESK_IDENTITY_SECRET is not set');
      const { sub, exp, name } = await verified(token, identityKey, customerClaims, { clockTolerance: CLOCK_SKEW_S });
      const expiresAt = (exp + CLOCK_SKEW_S) * 1_000;
      return { id: sub, subject: `customer:${sub}`, expiresAt, ...(name && { name }) };
    },
  };
};

export type Tokens = ReturnType<typeof createTokens>;

type Key = Parameters<SignJWT['sign']>[0];
type Checks = { issuer?: string; clockTolerance?: number };

/** `jose` takes a missing `exp` for no expiry, hence `requiredClaims`. */
const verified = async <S extends z.ZodType>(
  token: string,
  key: Key,
  claims: S,
  checks: Checks,
): Promise<z.infer<S>> => {
  try {
    const requiredClaims = ['exp', 'sub', 'aud'];
    const { payload } = await jwtVerify(token, key, {
      algorithms: ['HS256'],
      audience: AUDIENCE,
      requiredClaims,
      ...checks,
    });
    return claims.parse(payload);
  } catch (error) {
    throw new Unauthorized(error instanceof Error ? error.message : String(error));
  }
};
