import { ConfigError, type GatewayConfig } from '../../config.ts';
import type { ConsoleOptions } from './console.ts';

/** How agents sign in elsewhere; `undefined` where they do not. Throws a `ConfigError` that names what is missing. */
export const openIdSettings = (config: GatewayConfig): ConsoleOptions['openId'] => {
  const { DESK_OPENID_ISSUER: issuer, DESK_OPENID_CLIENT_ID: clientId } = config;
  const { DESK_OPENID_CLIENT_SECRET: clientSecret, DESK_PUBLIC_URL: publicUrl } = config;
  if (issuer === undefined) return undefined;
  if (clientId === undefined || clientSecret === undefined || publicUrl === undefined) {
    const needed = {
      DESK_OPENID_CLIENT_ID: clientId,
      DESK_OPENID_CLIENT_SECRET: clientSecret,
      DESK_PUBLIC_URL: publicUrl,
    };
    const missing = Object.entries(needed).flatMap(([name, value]) => (value === undefined ? [name] : []));
    throw new ConfigError(missing.map((name) => `${name} is not set, and DESK_OPENID_ISSUER needs it`).join('; '));
  }
  return {
    ...{ issuer, clientId, clientSecret, title: config.DESK_OPENID_TITLE },
    ...{ claim: config.DESK_OPENID_CLAIM, scope: config.DESK_OPENID_SCOPE },
  };
};
