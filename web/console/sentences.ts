import { RefusedError } from './api.ts';

const sentence = (said: string): string => {
  const text = said.trim();
  const begun = text.charAt(0).toUpperCase() + text.slice(1);
  return /[.!?…]$/.test(begun) ? begun : `${begun}.`;
};

/** What to tell a person about something that did not work, and what to do about it. */
export const sentenceFor = (error: unknown): string => {
  if (!(error instanceof RefusedError)) {
    return 'The desk cannot be reached. Check your connection and try again.';
  }
  const { status, said } = error;
  if (status === 401) return 'You are signed out. Sign in again to go on.';
  if (status === 403) return 'Your role does not allow this. Ask a supervisor.';
  if (status === 404) return 'This is not there any more, or not yours to see.';
  if (status === 409) return 'Somebody was faster: this has changed meanwhile. Look again.';
  if (status === 429) return 'Too many attempts. Wait a minute and try again.';
  if (status >= 500) return 'The desk has a problem of its own. Nothing was lost; try again in a moment.';
  return said === null ? 'The desk did not accept this.' : sentence(said);
};

/** Signing in fails for one reason that a person can do something about. */
export const signInSentence = (error: unknown): string =>
  error instanceof RefusedError && error.status === 401
    ? 'This name and password do not go together.'
    : sentenceFor(error);

/** Whether the same may work a moment later. */
export const isPassing = (error: unknown): boolean => !(error instanceof RefusedError) || error.status >= 500;
