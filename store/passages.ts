import { createHash } from 'node:crypto';
import { sql, type Transaction } from 'kysely';
import { type Database, reaching } from './database.ts';
import type { Schema } from './schema.ts';
import { configuration } from './text-search.ts';

/** A piece of an article, small enough for a prompt. */
export type Passage = { article: string; title: string; heading: string; url: string | null; text: string };

/** `asked`: one way in which customers ask for the article, rather than a piece of it. */
export type NewPassage = Passage & { ordinal: number; language: string; asked: boolean };

/** `hash` names the content: passages with the same one have the same vector. */
export type FoundPassage = Passage & { hash: string };

/** `length` in stemmed words, title and heading counted twice. */
export type StoredPassage = FoundPassage & { ordinal: number; asked: boolean; length: number };

/** How often a stemmed word is in a passage, counted as its length is. */
export type IndexedWord = { word: string; article: string; ordinal: number; frequency: number };

/** What a passage means to a reader: its text under its title and heading, without Markdown's stars. */
export const meaningOf = ({ title, heading, text }: Pick<Passage, 'title' | 'heading' | 'text'>): string =>
  [title, heading, text.replaceAll('**', '')].filter(Boolean).join('. ');

/** Every method rejects with `StoreUnavailable`. */
export type Passages = ReturnType<typeof createPassages>;

export const createPassages = (db: Database) => ({
  /**
   * The `limit` passages that match a question best by their words and those of the ways to ask for their article. For those who do
   * not hold the index in memory: its whole cost is in Postgres.
   */
  async search(question: string, language: string, limit: number): Promise<FoundPassage[]> {
    const { rows } = await reaching(
      sql<FoundPassage>`
        with matches as (${matches(question, language)}), found as (
          select article, ordinal, asked, score from matches join passages using (article, ordinal)
        ), asked as (
          select article, max(score) as score from found where asked group by article
        ), own as (
          select article, ordinal, score from found where not asked
        )
        select article, title, heading, url, text, hash
        from passages left join own using (article, ordinal) left join asked using (article)
        where not passages.asked and (own.score is not null or asked.score is not null)
        order by coalesce(own.score, 0) + coalesce(asked.score, 0) desc, article, ordinal limit ${limit}`.execute(db),
    );
    return rows;
  },

  /** The words of a question, stemmed as those of the index, and the index's version (`null`: never filled). */
  async read(question: string, language: string): Promise<{ version: string | null; words: string[] }> {
    const { rows } = await reaching(
      sql<{ version: string | null; words: string[] }>`
        select (select version from knowledge) as version,
               tsvector_to_array(to_tsvector(${configuration(language)}::regconfig, ${question})) as words`.execute(db),
    );
    return rows[0] ?? { version: null, words: [] };
  },

  /** The whole index, with its version, ordered by article and place. */
  async all(): Promise<{ version: string | null; passages: StoredPassage[]; words: IndexedWord[] }> {
    return reaching(
      db
        .transaction()
        .setIsolationLevel('repeatable read')
        .execute(async (tx) => {
          const knowledge = await tx.selectFrom('knowledge').select('version').executeTakeFirst();
          const passages = await tx
            .selectFrom('passages')
            .select(['article', 'ordinal', 'asked', 'title', 'heading', 'url', 'text', 'hash', 'words as length'])
            .orderBy('article')
            .orderBy('ordinal')
            .execute();
          const words = await tx
            .selectFrom('passage_words')
            .select(['word', 'article', 'ordinal', 'frequency'])
            .execute();
          return { version: knowledge?.version ?? null, passages, words };
        }),
    );
  },

  /**
   * Brings the index to `version`, unless it is there: writes passages that are new or changed and removes those that are
   * gone. One process does it, others wait.
   */
  async replace(version: string, passages: readonly NewPassage[]): Promise<'replaced' | 'current'> {
    return reaching(
      db.transaction().execute(async (tx) => {
        await sql`lock table knowledge in exclusive mode`.execute(tx);
        const current = await tx.selectFrom('knowledge').select('version').executeTakeFirst();
        if (current?.version === version) return 'current';
        const before = await tx
          .selectFrom('passages')
          .select(['article', 'ordinal', 'asked', 'title', 'heading', 'url', 'language', 'text'])
          .execute();
        const known = new Set(before.map(identity));
        const wanted = new Set(passages.map(identity));
        for (const passage of before)
          if (!wanted.has(identity(passage)))
            await tx
              .deleteFrom('passages')
              .where('article', '=', passage.article)
              .where('ordinal', '=', passage.ordinal)
              .execute();
        for (const passage of passages) if (!known.has(identity(passage))) await add(tx, passage);
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

const identity = ({ article, ordinal, asked, title, heading, url, language, text }: NewPassage): string =>
  JSON.stringify([article, ordinal, asked, title, heading, url, language, text]);

const add = async (tx: Transaction<Schema>, passage: NewPassage): Promise<void> => {
  const { article, ordinal, title, heading, text, language } = passage;
  const config = configuration(language);
  const hash = createHash('sha256').update(meaningOf(passage)).digest('hex');
  await tx
    .insertInto('passages')
    .values({ ...passage, hash })
    .execute();
  await sql`
    with counted as (
      select lexeme, weight * coalesce(array_length(positions, 1), 1) as times from (
        select 1 as weight, * from unnest(to_tsvector(${config}::regconfig, ${text}))
        union all
        select 2 as weight, * from unnest(to_tsvector(${config}::regconfig, ${`${title} ${heading}`}))
      ) as found
    ), words as (
      insert into passage_words (word, article, ordinal, frequency)
      select lexeme, ${article}, ${ordinal}, sum(times) from counted group by lexeme
    )
    update passages set words = (select coalesce(sum(times), 0) from counted)
    where article = ${article} and ordinal = ${ordinal}`.execute(tx);
};

/**
 * Okapi BM25 with its usual k1 = 1.2 and b = 0.75 (Robertson and Zaragoza, 2009). `ts_rank` knows nothing of rare words:
 * "How long do I have to return boots?" found how long a gift card is valid. Any word may match, since a customer's
 * sentence holds words that no article does.
 */
const matches = (question: string, language: string) => sql`
  with asked as (
    select lexeme as word from unnest(to_tsvector(${configuration(language)}::regconfig, ${question}))
  ), whole as (
    select count(*)::float8 as passages, avg(words)::float8 as words from passages
  ), found as (
    select passage_words.*, count(*) over (partition by word) as spread from passage_words join asked using (word)
  )
  select article, ordinal, sum(
      ln(1 + (whole.passages - spread + 0.5) / (spread + 0.5))
      * frequency * 2.2 / (frequency + 1.2 * (0.25 + 0.75 * passages.words / whole.words))
    )::float8 as score
  from found join passages using (article, ordinal), whole
  group by article, ordinal`;
