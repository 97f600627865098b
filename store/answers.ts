import { sql } from 'kysely';
import { z } from 'zod';
import { source } from '../contracts/events.ts';
import { pack, unpack } from './packed-vector.ts';

/**
 * What two questions must share before one's answer may be served to the other. `gist` narrows them down to those whose
 * wording may say the same; whether it does is not decided here.
 */
export type AnswerKey = {
  /** Signed-in customers and visitors are told different things. */
  audience: 'visitor' | 'customer';
  language: string;
  intent: string;
  exact: string;
  gist: string;
};

/** What stands behind an answer: `settings` is the version of playbook.yaml, vectors are compared only within `embedder`. */
export type AnswerBasis = { settings: string; embedder: string | null; keepMs: number };

export type AnswerLookup = AnswerKey & AnswerBasis;

export type CachedAnswer = z.output<typeof cachedAnswer>;

/** `passages` are the hashes of all that the model was shown. */
export type NewAnswer = AnswerLookup & {
  question: string;
  vector: Float32Array | null;
  text: string;
  sources: z.infer<typeof source>[];
  passages: readonly string[];
};

/** Reads a row of `candidates`. The vector is there when the embedder of the lookup made it. */
export const cachedAnswer = z.object({
  id: z.string(),
  question: z.string(),
  vector: z
    .string()
    .nullable()
    .transform((packed) => (packed === null ? null : unpack(Buffer.from(packed, 'base64')))),
  text: z.string(),
  sources: z.array(source),
});

/** More than a few questions of one gist that still differ are not asked. */
const CANDIDATES = 8;

/** Something that an answer of table `answers` was made from has changed or is gone. */
export const isStale = sql<boolean>`exists (
  select from unnest(answers.passages) as used where not exists (select from passages where hash = used)
)`;

/**
 * Part of the claim of a turn: answers that may be served, as a JSON array. Without a `lookup` there are none, at no cost.
 * Reading them here spends no round trip and sees every change of knowledge, pin and clearing that is committed.
 */
export const candidates = (lookup: AnswerLookup | null) => sql`(
  select coalesce(json_agg(found), '[]') from (
    select id::text, question, text, sources,
           case when embedder = ${lookup?.embedder ?? null} then encode(vector, 'base64') end as vector
    from answers
    where gist = ${lookup?.gist ?? null} and language = ${lookup?.language ?? null} and intent = ${lookup?.intent ?? null}
      and (pinned or (audience = ${lookup?.audience ?? null} and settings = ${lookup?.settings ?? null}
                      and made_at > now() - ${lookup?.keepMs ?? 0}::float8 * interval '1 millisecond'))
      and not ${isStale}
    order by pinned desc, exact = ${lookup?.exact ?? null} desc, served desc limit ${CANDIDATES}
  ) found
)`;

/**
 * Parts of the finish of a turn, for a statement with a `finished` row when the turn ended by it: keeps its answer, unless an
 * operator has pinned another or what it was made from changed meanwhile; forgets a few that are too old; counts one that
 * was `served`.
 */
export const keeping = (answer: NewAnswer | null, conversationId: string, served: string | null) => {
  const { vector = null, sources = [], passages = [], keepMs = 0, ...rest } = answer ?? {};
  const row = JSON.stringify({
    ...rest,
    sources,
    passages,
    vector: vector && pack(vector).toString('base64'),
  });
  return sql`
    offered as (
      select * from jsonb_to_record(${row}::jsonb) as offered(
        audience text, language text, intent text, exact text, gist text, question text, embedder text, vector text,
        text text, sources jsonb, passages text[], settings text)
      where exact is not null and exists (select from finished)
        and not exists (select from unnest(passages) as used where not exists (select from passages where hash = used))
    ), forgotten as (
      delete from answers where id in (
        select id from answers
        where not pinned and made_at < now() - ${keepMs}::float8 * interval '1 millisecond'
          and exists (select from offered where answers.exact <> offered.exact)
        order by made_at limit 3 for update skip locked
      )
    ), kept as (
      insert into answers (audience, language, intent, exact, gist, question, embedder, vector, text, sources, passages,
                           settings, conversation_id)
      select audience, language, intent, exact, gist, question, embedder, decode(vector, 'base64'), text, sources,
             passages, settings, ${conversationId} from offered
      on conflict (audience, language, intent, exact) do update
        set question = excluded.question, embedder = excluded.embedder, vector = excluded.vector, text = excluded.text,
            sources = excluded.sources, passages = excluded.passages, settings = excluded.settings,
            conversation_id = excluded.conversation_id, made_at = excluded.made_at, served = 0
        where not answers.pinned
    ), counted as (
      update answers set served = served + 1 where id = ${served}::bigint and exists (select from finished)
    )`;
};
