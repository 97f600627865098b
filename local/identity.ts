import { SignJWT } from 'jose';

/** As long as somebody may want to try the same link. */
const VALID = '7d';

/** What the sample company's backend would hand its signed-in customer: a JWT for the gateway (docs/protocol.md). */
export const identityOf = (customer: { id: string; name: string }, identitySecret: string): Promise<string> =>
  new SignJWT({ name: customer.name })
    .setProtectedHeader({ alg: 'HS256' })
    .setSubject(customer.id)
    .setAudience('duradesk')
    .setIssuedAt()
    .setExpirationTime(VALID)
    .sign(new TextEncoder().encode(identitySecret));
