import { verifiedCustomer } from '../contracts/ids.ts';
import { NotAnswered, type Outbound } from '../integrations/outbound.ts';
import { signatureHeader } from '../integrations/signature.ts';
import type { WebhookEvent, WebhookEvents } from '../store/webhook-events.ts';

/** A receiver has this long to answer, milliseconds: it is to keep the event, not to work on it. */
const ANSWER_MS = 10_000;

/** Whoever takes an event and dies leaves it to others after this long, milliseconds. */
const LEASE_MS = 60_000;

/** Then it is a dead letter. The pauses before double from 5 s up to an hour: ten hours in all. */
const MAX_ATTEMPTS = 20;
const FIRST_PAUSE_MS = 5_000;
const LONGEST_PAUSE_MS = 3_600_000;

/** The receiver is gone for good, as it says. */
const GONE = 410;

export type AnnouncingDeps = {
  events: WebhookEvents;
  /** Where events go, and what signs them. */
  target: { url: string; secrets: readonly string[] };
  outbound: Pick<Outbound, 'send'>;
};

/**
 * Takes one event out to the company. At least once and in any order: the id in `Duradesk-Delivery` is the same each time.
 * Rejects with `StoreUnavailable`.
 *
 * @returns whether there was one
 */
export const createAnnouncer = ({ events, target, outbound }: AnnouncingDeps) => {
  const post = async (event: WebhookEvent): Promise<string | null> => {
    const body = JSON.stringify(publicForm(event));
    const headers = {
      'content-type': 'application/json',
      'duradesk-delivery': event.id,
      'duradesk-signature': signatureHeader(target.secrets, Buffer.from(body), new Date()),
    };
    try {
      const { status } = await outbound.send({ method: 'POST', url: target.url, headers, body }, ANSWER_MS);
      return status >= 200 && status < 300 ? null : String(status);
    } catch (error) {
      if (error instanceof NotAnswered) return error.message;
      throw error;
    }
  };

  return async (): Promise<boolean> => {
    const event = await events.take(LEASE_MS);
    if (!event) return false;
    const failure = await post(event);
    if (failure === null) await events.delivered(event.id);
    else await events.failed(event.id, failure, pauseAfter(event.attempts, failure));
    return true;
  };
};

const pauseAfter = (attempts: number, failure: string): number | null =>
  attempts >= MAX_ATTEMPTS || failure === String(GONE)
    ? null
    : Math.min(FIRST_PAUSE_MS * 2 ** (attempts - 1), LONGEST_PAUSE_MS);

/** No word of the conversation: whoever may read it asks for it by its id. */
const publicForm = ({ id, type, at, conversationId, owner, detail }: WebhookEvent) => ({
  id,
  type,
  at,
  conversation: { id: conversationId, customer: verifiedCustomer(owner) },
  detail,
});
