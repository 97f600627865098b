import { describe, expect, test } from '@jest/globals';
import { base64url, type JWTPayload, SignJWT, UnsecuredJWT } from 'jose';
import { createTokens, Unauthorized } from '../../../gateway/tokens.ts';

const secret = 'what the gateways share, 32 characters';
const identitySecret = 'what the company signs with, in a test';
const tokens = createTokens({ secret, identitySecret });

const now = () => Math.floor(Date.now() / 1_000);
const sign = (claims: JWTPayload, { key = identitySecret, alg = 'HS256' } = {}): Promise<string> =>
  new SignJWT(claims).setProtectedHeader({ alg }).sign(new TextEncoder().encode(key));
const good = { sub: '4711', aud: 'duradesk', exp: now() + 60 };
const without = (claim: keyof typeof good): JWTPayload =>
  Object.fromEntries(Object.entries(good).filter(([name]) => name !== claim));

describe('sessions', () => {
  test('a new visitor gets one, and is the same visitor with it on any node', async () => {
    const visitor = await tokens.visitor();
    expect(visitor.subject).toMatch(/^visitor:[\w-]{22}$/);
    expect(visitor.expiresAt).toBeGreaterThan(Date.now() + 29 * 24 * 3_600_000);
    const again = await createTokens({ secret }).visitor(visitor.token);
    expect(again).toEqual({ subject: visitor.subject, expiresAt: visitor.expiresAt });
    expect((await tokens.visitor()).subject).not.toBe(visitor.subject);
  });

  test('one that is a day old is renewed for the same visitor', async () => {
    const { token = '', subject } = await tokens.visitor();
    const realNow = Date.now;
    Date.now = () => realNow() + 25 * 3_600_000;
    try {
      const renewed = await tokens.visitor(token);
      expect(renewed.subject).toBe(subject);
      expect(renewed.token).toBeDefined();
    } finally {
      Date.now = realNow;
    }
  });

  test('of another secret, changed, or signed with the secret itself are refused', async () => {
    const { token = '', subject } = await tokens.visitor();
    const claims = { sub: subject, aud: 'duradesk', iss: 'duradesk/gateway', iat: now(), exp: now() + 60 };
    await expect(createTokens({ secret: identitySecret }).visitor(token)).rejects.toThrow(Unauthorized);
    const [head, body = '', mark] = token.split('.');
    const forged = base64url.encode(
      new TextDecoder().decode(base64url.decode(body)).replace(subject, 'visitor:AAAAAAAAAAAAAAAAAAAAAA'),
    );
    await expect(tokens.visitor(`${head}.${forged}.${mark}`)).rejects.toThrow(Unauthorized);
    await expect(tokens.visitor(await sign(claims, { key: secret }))).rejects.toThrow(Unauthorized);
    await expect(tokens.visitor(await sign(claims))).rejects.toThrow(Unauthorized);
    await expect(tokens.visitor(new UnsecuredJWT(claims).encode())).rejects.toThrow(Unauthorized);
  });

  test.each(['', '.', '..', 'x', 'a.b.c', '\0', '{}'])('%j is refused', async (token) => {
    await expect(tokens.visitor(token)).rejects.toThrow(Unauthorized);
  });
});

describe('identities', () => {
  test('say who the customer is', async () => {
    const token = await sign({ ...good, name: 'Ann' });
    expect(await tokens.customer(token)).toEqual({
      id: '4711',
      name: 'Ann',
      subject: 'customer:4711',
      expiresAt: (good.exp + 5) * 1_000,
    });
  });

  test.each<[string, () => Promise<string> | string]>([
    ['alg none', () => new UnsecuredJWT(good).encode()],
    ['another algorithm with the right key', () => sign(good, { alg: 'HS384', key: identitySecret.repeat(2) })],
    ['wrong key', () => sign(good, { key: secret })],
    ['expired', () => sign({ ...good, exp: now() - 60 })],
    ['not yet valid', () => sign({ ...good, nbf: now() + 60 })],
    ['wrong aud', () => sign({ ...good, aud: 'shop' })],
    ['missing aud', () => sign(without('aud'))],
    ['missing exp', () => sign(without('exp'))],
    ['missing sub', () => sign(without('sub'))],
    ['empty sub', () => sign({ ...good, sub: '' })],
    ['sub with a space', () => sign({ ...good, sub: 'a b' })],
    ['sub with a NUL', () => sign({ ...good, sub: 'a\0b' })],
    ['sub of 129 characters', () => sign({ ...good, sub: 'x'.repeat(129) })],
    ['a name that is no text', () => sign({ ...good, name: { first: 'Ann' } })],
    ['a session', async () => (await tokens.visitor()).token ?? ''],
    ['a list of tokens', async () => `${await sign(good)},${await sign(good)}`],
  ])('%s is refused', async (_what, make) => {
    await expect(tokens.customer(await make())).rejects.toThrow(Unauthorized);
  });

  test('none is accepted where the company has no secret', async () => {
    await expect(createTokens({ secret }).customer(await sign(good))).rejects.toThrow(Unauthorized);
    await expect(createTokens({ secret }).customer(await sign(good, { key: 'undefined' }))).rejects.toThrow(
      Unauthorized,
    );
  });

  test('an identity is no session', async () => {
    await expect(tokens.visitor(await sign({ ...good, sub: 'visitor:AAAAAAAAAAAAAAAAAAAAAA' }))).rejects.toThrow(
      Unauthorized,
    );
  });
});
