import type { DeskEvent, Message, Owner, OwnerChange, QueuePlace } from '../contracts/events.ts';
import type { ServerFrame } from '../contracts/frames.ts';

/** Whose the conversation is, was, and how it ended. */
export type OwnerView = {
  owner: Owner;
  /** The name of the agent who has it. */
  by: string | null;
  /** Every change of owner that is known, oldest first. */
  owners: readonly OwnerChange[];
  /** The place in the line while it waits; `null` until that is told. */
  queue: QueuePlace | null;
  /** The agent who is writing just now. */
  typing: string | null;
  /**
   * It was resolved, and the customer has said nothing since. `rate`: they are asked how it was. `told`: events before a snapshot's
   * end may follow it, and a message among them that it holds already was said before this, not since.
   */
  resolved: { rate: boolean; told: 'snapshot' | 'event' } | null;
  /** The customer's rating, where there is one. */
  rated: number | null;
};

export const nobodyElse: OwnerView = {
  owner: 'assistant',
  by: null,
  owners: [],
  queue: null,
  typing: null,
  resolved: null,
  rated: null,
};

export const termOf = ({ owners }: Pick<OwnerView, 'owners'>): number => owners.at(-1)?.term ?? 0;

/** Once: whoever has rated is never asked again. */
export const asksForRating = ({ resolved, rated }: Pick<OwnerView, 'resolved' | 'rated'>): boolean =>
  resolved?.rate === true && rated === null;

type Told = Pick<Extract<ServerFrame, { type: 'snapshot' }>, 'owner' | 'queue' | 'resolved' | 'rated'> & {
  owners?: readonly OwnerChange[] | undefined;
};

export const ownerOf = ({ owner, owners = [], queue, resolved, rated }: Told): OwnerView => ({
  ...nobodyElse,
  ...(owner && { owner: owner.owner, by: owner.by ?? null }),
  owners,
  queue: queue ?? null,
  resolved: resolved ? { rate: resolved.rate, told: 'snapshot' } : null,
  rated: rated ?? null,
});

/** What an event changes of it. One of a term that is known already is a repetition: the log is read again after a snapshot. */
export const ownerAfter = (
  view: OwnerView & { messages: readonly Message[] },
  event: DeskEvent,
  at: string,
): Partial<OwnerView> => {
  switch (event.type) {
    case 'owner.changed': {
      const { owner, term, by } = event;
      if (term <= termOf(view)) return {};
      const owners = [...view.owners, { owner, term, ...(by !== undefined && { by }), at }];
      const resolved = owner === 'assistant' ? view.resolved : null;
      return { owner, by: by ?? null, owners, queue: null, typing: null, resolved };
    }
    case 'queue.changed':
      return view.owner === 'waiting' ? { queue: { position: event.position, expectedMs: event.expectedMs } } : {};
    case 'agent.typing':
      return view.owner === 'agent' ? { typing: event.by } : {};
    case 'conversation.resolved':
      return { resolved: { rate: event.rate, told: 'event' }, typing: null };
    case 'message.added': {
      const { id, author } = event.message;
      if (author !== 'customer') return { typing: null };
      const isOld = view.resolved?.told === 'snapshot' && view.messages.some((known) => known.id === id);
      return isOld ? {} : { resolved: null };
    }
    default:
      return {};
  }
};
