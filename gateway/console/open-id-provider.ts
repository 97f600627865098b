import { createSecretKey, hkdfSync } from 'node:crypto';
import { EncryptJWT, jwtDecrypt } from 'jose';
import * as oidc from 'openid-client';
import { z } from 'zod';
import { agentId } from '../../contracts/desk.ts';
import { WAY_S } from './cookies.ts';
import { Declined } from './declined.ts';

export type OpenIdOptions = {
  /** As the console shows it. */
  title: string;
  issuer: string;
  clientId: string;
  clientSecret: string;
  /** The claim of the ID token that is an agent's id here. */
  claim: string;
  scope: string;
  /** Where the provider sends the browser back to. */
  redirectUri: string;
  /** Seals what the browser carries between the two steps. */
  secret: string;
};

/** How long the provider may take for one answer, seconds. */
const ANSWER_S = 5;

/** What must be the same at the end of the way as at its beginning. */
const way = z.object({ state: z.string(), nonce: z.string(), verifier: z.string() });

/** The company's provider, and what a browser carries while it is there. */
export const createProvider = (options: OpenIdOptions) => {
  const { issuer, clientId, clientSecret, claim, scope, redirectUri, secret } = options;
  const key = createSecretKey(Buffer.from(hkdfSync('sha256', secret, '', 'duradesk/openid', 32)));
  let found: Promise<oidc.Configuration> | undefined;

  const discover = (): Promise<oidc.Configuration> => {
    // Plain http is for a provider on this machine; config.ts lets no other through.
    const execute = issuer.startsWith('http:') ? [oidc.allowInsecureRequests] : [];
    return oidc.discovery(new URL(issuer), clientId, clientSecret, undefined, { execute, timeout: ANSWER_S });
  };

  /** Asked for once, and again after it could not be had. */
  const configuration = async (): Promise<oidc.Configuration> => {
    found ??= discover();
    try {
      return await found;
    } catch (error) {
      found = undefined;
      throw new Declined(503, 'the OpenID provider does not answer', error);
    }
  };

  const unseal = async (sealed: string): Promise<z.infer<typeof way>> => {
    const algorithms = { keyManagementAlgorithms: ['dir'], contentEncryptionAlgorithms: ['A256GCM'] };
    const { payload } = await jwtDecrypt(sealed, key, { ...algorithms, requiredClaims: ['exp'] });
    return way.parse(payload);
  };

  return {
    /** Where the browser has to go, and what it must bring back. Rejects with a `Declined` while the provider is away. */
    async begin(): Promise<{ url: string; sealed: string }> {
      const begun = { state: oidc.randomState(), nonce: oidc.randomNonce(), verifier: oidc.randomPKCECodeVerifier() };
      const url = oidc.buildAuthorizationUrl(await configuration(), {
        redirect_uri: redirectUri,
        scope,
        code_challenge: await oidc.calculatePKCECodeChallenge(begun.verifier),
        code_challenge_method: 'S256',
        state: begun.state,
        nonce: begun.nonce,
      });
      const sealed = await new EncryptJWT(begun)
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM' })
        .setExpirationTime(`${WAY_S}s`)
        .encrypt(key);
      return { url: url.href, sealed };
    },

    /** Who the provider says came back, as an id of ours. Rejects whatever is wrong with it. */
    async end(address: string, sealed: string): Promise<string> {
      const { state, nonce, verifier } = await unseal(sealed);
      const current = new URL(redirectUri);
      current.search = new URL(address, redirectUri).search;
      const tokens = await oidc.authorizationCodeGrant(await configuration(), current, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      });
      const claims = tokens.claims() ?? {};
      if (claim === 'email' && Reflect.get(claims, 'email_verified') === false)
        throw new Error('the provider has not verified the e-mail address');
      return agentId.parse(Reflect.get(claims, claim));
    },
  };
};
