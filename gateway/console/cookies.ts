import type { CookieSerializeOptions } from '@fastify/cookie';

/**
 * Names and attributes of the console's cookies. With `__Host-` a browser takes them from this very host over https alone, so no
 * other host of the domain can plant one. Without a life of its own the session's ends with the browser, or on the server.
 */
export const consoleCookies = (isSecure: boolean) => {
  const prefix = isSecure ? '__Host-' : '';
  const common = { path: '/', httpOnly: true, secure: isSecure } satisfies CookieSerializeOptions;
  return {
    session: {
      name: `${prefix}duradesk-agent`,
      options: { ...common, sameSite: 'strict' } satisfies CookieSerializeOptions,
    },
    /** A way to sign in that is under way elsewhere. The way back comes from another site, so it cannot be `Strict`. */
    way: {
      name: `${prefix}duradesk-openid`,
      options: { ...common, sameSite: 'lax', maxAge: WAY_S } satisfies CookieSerializeOptions,
    },
  };
};

/** Seconds that somebody may take to sign in elsewhere. */
export const WAY_S = 600;

export type ConsoleCookies = ReturnType<typeof consoleCookies>;
