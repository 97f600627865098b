import { sql } from 'kysely';
import { type Database, reaching } from './database.ts';

/** A piece of an article, small enough for a prompt. */
export type Passage = { article: string; title: string; heading: string; url: string | null; text: string };

export type NewPassage = Passage & { ordinal: number; language: string };

/** Text search configurations that Postgres ships, by ISO 639-1 code; others are searched without stemming. */
const CONFIGURATIONS: Record<string, string> = {
  da: 'danish',
  de: 'german',
  en: 'english',
  es: 'spanish',
  fi: 'finnish',
  fr: 'french',
  hu: 'hungarian',
  it: 'italian',
  nl: 'dutch',
  no: 'norwegian',
  pt: 'portuguese',
  ro: 'romanian',
  ru: 'russian',
  sv: 'swedish',
  tr: 'turkish',
};

const configuration = (language: string): string => CONFIGURATIONS[language] ?? 'simple';

/** Every method rejects with `StoreUnavailable`. */
export type Passages = ReturnType<typeof createPassages>;

export const createPassages = (db: Database) => ({
  /**
   * The best `limit` passages for a question, best first. Terms are joined by OR, since a customer's sentence holds
   * words that no article does; ranking by cover density with title and heading weighted above the text.
   */
  async search(question: string, language: string, limit: number): Promise<Passage[]> {
    const config = configuration(language);
    const { rows } = await reaching(
      sql<Passage>`
        with asked as (
          select replace(plainto_tsquery(${config}::regconfig, ${question})::text, '&', '|')::tsquery as query
        )
        select article, title, heading, url, text from passages, asked
        where search @@ query
        order by ts_rank(search, query, 1) desc, article, ordinal
        limit ${limit}`.execute(db),
    );
    return rows;
  },

  /** Replaces all passages by those of `version`, unless it is there already. One process does it, others wait. */
  async replace(version: string, passages: readonly NewPassage[]): Promise<'replaced' | 'current'> {
    return reaching(
      db.transaction().execute(async (tx) => {
        await sql`lock table knowledge in exclusive mode`.execute(tx);
        const current = await tx.selectFrom('knowledge').select('version').executeTakeFirst();
        if (current?.version === version) return 'current';
        await tx.deleteFrom('passages').execute();
        for (const passage of passages) {
          const config = configuration(passage.language);
          await tx
            .insertInto('passages')
            .values({
              ...passage,
              search: sql<string>`setweight(to_tsvector(${config}::regconfig, ${`${passage.title} ${passage.heading}`}), 'A')
                || setweight(to_tsvector(${config}::regconfig, ${passage.text}), 'B')`,
            })
            .execute();
        }
        await tx
          .insertInto('knowledge')
          .values({ version })
          .onConflict((conflict) => conflict.column('singleton').doUpdateSet({ version, synced_at: sql`now()` }))
          .execute();
        return 'replaced';
      }),
    );
  },
});
