import { type Database, reaching } from './database.ts';

/** An offer that rings. `until` is epoch milliseconds. */
export type Offer = {
  desk: string;
  offer: number;
  agent: string;
  conversationId: string;
  term: number;
  reason: string;
  until: number;
};

/** Copies of the desks' offers, for agents who connect while one rings. Every method rejects with `StoreUnavailable`. */
export type Offers = ReturnType<typeof createOffers>;

export const createOffers = (db: Database) => ({
  /** Safe to run again: an offer that was closed stays closed. */
  async open({ conversationId, until, ...offer }: Offer): Promise<void> {
    await reaching(
      db
        .insertInto('offers')
        .values({ ...offer, conversation_id: conversationId, until: new Date(until) })
        .onConflict((conflict) => conflict.columns(['desk', 'offer']).doNothing())
        .execute(),
    );
  },

  async close(desk: string, offer: number, why: string): Promise<void> {
    await reaching(
      db.updateTable('offers').set({ closed: why }).where('desk', '=', desk).where('offer', '=', offer).execute(),
    );
  },

  /** Which conversation an offer was for; `null` for one that this agent never had. */
  async conversationOf(desk: string, offer: number, agent: string): Promise<{ id: string; term: number } | null> {
    const row = await reaching(
      db
        .selectFrom('offers')
        .select(['conversation_id as id', 'term'])
        .where('desk', '=', desk)
        .where('offer', '=', offer)
        .where('agent', '=', agent)
        .executeTakeFirst(),
    );
    return row ?? null;
  },

  async openFor(agent: string): Promise<Offer[]> {
    const rows = await reaching(
      db
        .selectFrom('offers')
        .select(['desk', 'offer', 'agent', 'conversation_id as conversationId', 'term', 'reason', 'until'])
        .where('agent', '=', agent)
        .where('closed', 'is', null)
        .where('until', '>', new Date())
        .orderBy('offer')
        .execute(),
    );
    return rows.map(({ until, ...row }) => ({ ...row, until: until.getTime() }));
  },
});
