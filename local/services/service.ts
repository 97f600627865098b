/** Where a service comes from: its address was set, its program was there, or the program was fetched now. */
export type Source = 'environment' | 'found' | 'provisioned';

/** Where a program was had from, in words for the start-up list. */
export type Program = { path: string; source: Exclude<Source, 'environment'>; detail: string };

/** A service that answers. `url` is what its clients are given. */
export type Service = { name: string; source: Source; detail: string; url: string };

/** One line of progress. */
export type Say = (line: string) => void;

/** No way is left to get a service; the message says what the person can do. */
export class CannotProvide extends Error {
  override readonly name = 'CannotProvide';
}

export const reasonOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
