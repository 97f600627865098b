import { parseFields } from '../json.ts';
import type { StoredText } from './browser-storage.ts';

/**
 * The company's token for its signed-in customer. It arrives in the fragment (`#identity=…`), which no server and no
 * Referer ever sees, and leaves the address bar before anything else happens.
 */
export const takeIdentity = (stored: StoredText): string | null => {
  const identity = new URLSearchParams(location.hash.slice(1)).get('identity');
  if (identity !== null) {
    stored.set(identity);
    history.replaceState(history.state, '', location.pathname + location.search);
  }
  return stored.get();
};

/**
 * Under what name this browser keeps a conversation: the visitor's apart from each customer's, so that nobody who signs
 * in here finds the words of the one before. The token is only read, not trusted: the gateway is the judge of it.
 */
export const storageKey = (identity: string | null): string =>
  identity === null ? 'duradesk/visitor' : `duradesk/customer/${subjectOf(identity)}`;

const subjectOf = (token: string): string => {
  try {
    const payload = (token.split('.')[1] ?? '').replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), (character) => character.charCodeAt(0));
    return String(parseFields(new TextDecoder().decode(bytes))?.sub);
  } catch {
    return 'unknown';
  }
};
