/** What an agent asked for is not done. The message goes into the answer: it says what to do, and holds nothing that was sent. */
export class Declined extends Error {
  override readonly name = 'Declined';
  readonly statusCode: 400 | 401 | 403 | 404 | 409 | 415 | 429 | 503;

  constructor(statusCode: Declined['statusCode'], message: string, cause?: unknown) {
    super(message, { cause });
    this.statusCode = statusCode;
  }
}

/** The one answer for what is unknown, closed, or none of this person's business. */
export const notFound = (): Declined => new Declined(404, 'not found');

/** Temporal did not say whether it was done. */
export const uncertain = (cause: unknown): Declined =>
  new Declined(503, 'Temporal does not answer: nobody knows whether it was done, send the same again', cause);
