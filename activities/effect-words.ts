import type { Effect } from '../store/effect.ts';

/** What the model is told of an effect, as the result of its call: the provider's own answer, or why there is none. */
export const resultOf = (effect: Effect): { ok: boolean; text: string } => {
  switch (effect.state) {
    case 'done':
    case 'undone':
      return { ok: true, text: effect.result ?? '' };
    case 'failed':
      return { ok: false, text: effect.result ?? '' };
    case 'proposed':
      return told('waiting_for_customer', effect, SHOWN);
    case 'awaiting_approval':
      return told('waiting_for_approval', effect, WAITS);
    case 'cancelled':
      return told('cancelled', effect, 'The customer decided against it. Nothing was done.');
    case 'denied':
      return told('denied', effect, 'A person of the team decided against it. Nothing was done.', effect.result);
    case 'expired':
      return told('expired', effect, 'Nobody decided in time. Nothing was done.');
    case 'intended':
    case 'unknown':
      return told('unknown', effect, LOST);
  }
};

const SHOWN =
  'Nothing has been done yet. The customer has been shown a card with these arguments and has to confirm there. Say so, do not call this again, and do not claim that it is done.';
const WAITS =
  'Nothing has been done yet. The customer agreed; a person of the team has to approve it. The customer will be told here.';
const LOST =
  'It is not known whether this was done: the other system did not say. It must not be tried again; people look at it.';

const told = (action: string, { tool }: Effect, message: string, reason?: string | null) => ({
  ok: action !== 'unknown' && action !== 'denied' && action !== 'expired',
  text: JSON.stringify({ action, tool, message, ...(reason && { reason }) }),
});
