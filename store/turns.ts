import { sql } from 'kysely';
import { z } from 'zod';
import type { TurnFence } from '../contracts/conversation.ts';
import type { Message, ReplyEnd, Source } from '../contracts/events.ts';
import type { MessageId } from '../contracts/ids.ts';
import { type AnswerLookup, type CachedAnswer, cachedAnswer, candidates, keeping, type NewAnswer } from './answers.ts';
import { type Database, reaching } from './database.ts';
import { type MessageRow, toMessage } from './transcripts.ts';

/** The draft that may write this turn: the same generation and attempt that the event log handed out. */
export type Claim = TurnFence & { conversationId: string; generation: string; attempt: number };

/** One tool call of the turn, with its result once it has one. `arguments` is what the model wrote, unparsed. */
export type Step = {
  call: number;
  round: number;
  toolCallId: string;
  name: string;
  arguments: string;
  /** What the assistant said before it called. The same in every call of a round. */
  preamble: string;
  result: string | null;
  ok: boolean | null;
};

/** What the customer said of themselves, or was promised, word for word. */
export type Fact = { name: string; value: string };

/** What is known beside the latest messages. `earlier` are other conversations of the same signed-in customer, newest first. */
export type Context = {
  /** What was said up to and with `turn`, in short; `null` while nothing was left out. */
  summary: { turn: number; text: string } | null;
  /** Oldest first; those of earlier conversations before those of this one. */
  facts: Fact[];
  earlier: string[];
  /** Tokens so far: of this conversation, and of the whole desk today. */
  spent: { conversation: number; day: number };
};

export type Claimed =
  /**
   * Ours: the messages before this turn, oldest first, the calls of earlier rounds, kept answers to questions like the one
   * that was looked up, and what else is known.
   */
  | { kind: 'claimed'; history: Message[]; steps: Step[]; answers: CachedAnswer[]; context: Context }
  /** The turn was finished before: this is what it said, and the ids of the messages that it answered. */
  | { kind: 'ended'; reply: Message; answered: MessageId[] }
  /** A later attempt or another owner holds it. */
  | { kind: 'refused' };

/** What is understood of the turn's messages, to be kept with it, and the question to look up among the kept answers. */
export type Read = { understanding: object; lookup: AnswerLookup | null };

/** What a reply rests on; `unanswered` where knowledge and tools had no answer. */
export type Grounds = {
  restsOn: 'articles' | 'tools' | 'cache' | 'nothing';
  unanswered: boolean;
  /** To be kept for those who ask the same. */
  keep?: NewAnswer;
  /** Id of the kept answer that it was. */
  served?: string;
};

/** How many messages before the turn are read for the prompt. */
export const HISTORY = 40;

/** Facts of a conversation that are kept in mind, and of a customer's earlier ones, of which so many are looked at. */
const FACTS = 40;
const EARLIER = { conversations: 5, facts: 20, summaries: 2 };

/** Rows that a day's tokens are spread over. */
const SPREAD = 16;

/** How a turn ended. `tokens` are those of its last model call, `reason` why there is no better answer. */
export type Reply = {
  id: string;
  text: string;
  end: ReplyEnd;
  sources: Source[];
  at: string;
  tokens?: number;
  facts?: Fact[];
  reason?: string;
};

/** Every method rejects with `StoreUnavailable`. */
export type Turns = ReturnType<typeof createTurns>;

export const createTurns = (db: Database) => ({
  /**
   * Takes the turn for one attempt and records what the customer said, in one statement. Within a generation a higher
   * attempt wins, whatever the order of arrival, so a worker that was frozen cannot take a turn back; across generations
   * the last one wins, and whoever lost is refused at `finish`. A turn that ended keeps the messages that it answered: one
   * that joined it later, when its task was run again, is not recorded here. A message whose turn was begun, and became one
   * without it when its task was run again, moves to this one.
   */
  async claim(claim: Claim, messages: readonly Message[], round: number, read?: Read): Promise<Claimed> {
    const { conversationId, term, turn, generation, attempt } = claim;
    const ids = messages.map(({ id }) => id);
    const understood = read ? JSON.stringify(read.understanding) : null;
    const said = JSON.stringify(messages.map((message, ordinal) => ({ ...message, ordinal })));
    const { rows } = await reaching(
      sql<{
        claimed: boolean;
        reply: MessageRow | null;
        answered: MessageId[] | null;
        history: MessageRow[];
        steps: Step[];
        answers: unknown[];
        context: Context;
      }>`
        with claimed as (
          insert into turns (conversation_id, turn, term, generation, attempt, message_ids, understanding)
          select id, ${turn}, ${term}, ${generation}, ${attempt}, ${ids}::text[], ${understood}::jsonb from conversations
          where id = ${conversationId} and term <= ${term}
          on conflict (conversation_id, turn) do update
            set term = excluded.term, generation = excluded.generation, attempt = excluded.attempt,
                message_ids = excluded.message_ids,
                understanding = coalesce(excluded.understanding, turns.understanding)
            where turns.ended is null and turns.term <= excluded.term
              and (turns.generation <> excluded.generation or turns.attempt < excluded.attempt)
          returning turn
        ), said as (
          insert into messages (conversation_id, id, turn, ordinal, author, text, at)
          select ${conversationId}, m.id, m.turn, m.ordinal, m.author, m.text, m.at
          from claimed, jsonb_to_recordset(${said}::jsonb)
            as m(id text, turn integer, ordinal integer, author text, text text, at timestamptz)
          on conflict (conversation_id, id) do update set turn = excluded.turn, ordinal = excluded.ordinal
          where messages.turn < excluded.turn and not exists (
            select from turns t where t.conversation_id = messages.conversation_id and t.turn = messages.turn
              and messages.id = any(t.message_ids))
        ), earlier as (
          select c.id, c.updated_at from conversations c join conversations own on own.owner = c.owner
          where own.id = ${conversationId} and own.owner like 'customer:%' and c.id <> own.id
          order by c.updated_at desc limit ${EARLIER.conversations}
        )
        select exists(select from claimed) as claimed,
               (select to_json(m) from (
                  select id, author, turn, text, at, ended, sources from messages
                  where conversation_id = ${conversationId} and turn = ${turn} and author = 'assistant') m) as reply,
               (select message_ids from turns where conversation_id = ${conversationId} and turn = ${turn}) as answered,
               (select coalesce(json_agg(json_build_object('id', id, 'author', author, 'by', by, 'turn', turn, 'text', text, 'at', at,
                         'ended', ended, 'sources', sources) order by turn, ordinal), '[]') from (
                  select id, author, by, turn, ordinal, text, at, ended, sources from messages
                  where conversation_id = ${conversationId} and turn < ${turn}
                  order by turn desc, ordinal desc limit ${HISTORY}) h) as history,
               (select coalesce(json_agg(s order by s.call), '[]') from (
                  select call, round, tool_call_id as "toolCallId", name, arguments, preamble, result, ok from steps
                  where conversation_id = ${conversationId} and turn = ${turn} and round < ${round}) s) as steps,
               ${candidates(read?.lookup ?? null)} as answers,
               json_build_object(
                 'summary', (select json_build_object('turn', turn, 'text', text) from summaries
                   where conversation_id = ${conversationId}),
                 'facts', (select coalesce(json_agg(json_build_object('name', name, 'value', value) order by place, at), '[]')
                   from (
                     (select name, value, at, 1 as place from facts where conversation_id = ${conversationId}
                      order by at desc limit ${FACTS})
                     union all
                     (select name, value, at, 0 from facts join earlier on earlier.id = conversation_id
                      order by at desc limit ${EARLIER.facts})) f),
                 'earlier', (select coalesce(json_agg(text order by updated_at desc), '[]') from (
                   select text, updated_at from summaries join earlier on earlier.id = conversation_id
                   order by updated_at desc limit ${EARLIER.summaries}) s),
                 'spent', json_build_object(
                   'conversation', (select c.tokens + coalesce(t.tokens, 0) from conversations c left join turns t
                     on t.conversation_id = c.id and t.turn = ${turn} where c.id = ${conversationId}),
                   'day', (select coalesce(sum(tokens), 0) from spending where day = current_date))) as context`.execute(
        db,
      ),
    );
    const [row] = rows;
    if (row?.reply) return { kind: 'ended', reply: toMessage(row.reply), answered: row.answered ?? [] };
    if (!row?.claimed) return { kind: 'refused' };
    const { history, steps, context } = row;
    const answers = z.array(cachedAnswer).parse(row.answers);
    return { kind: 'claimed', history: history.map(toMessage), steps, answers, context };
  },

  /**
   * Writes the reply and ends the turn, once. `false`: the claim was lost to another attempt or owner, nothing was
   * written. The update of the conversation's row waits for a takeover in progress and then sees its term. `grounds` are those
   * of a reply of the assistant's own making.
   */
  async finish(claim: Claim, reply: Reply, grounds?: Grounds): Promise<boolean> {
    const { conversationId, term, turn, generation, attempt } = claim;
    const { tokens = 0, facts = [], reason = null } = reply;
    const { rows } = await reaching(
      sql<{ finished: boolean }>`
        with owned as (
          update conversations set updated_at = now(), tokens = conversations.tokens + coalesce((
            select t.tokens + ${tokens}::bigint from turns t where t.conversation_id = ${conversationId} and t.turn = ${turn}
              and t.generation = ${generation} and t.attempt = ${attempt} and t.ended is null), 0)
          where id = ${conversationId} and term = ${term} returning id
        ), finished as (
          update turns set ended = ${reply.end}, ended_at = ${reply.at}, tokens = tokens + ${tokens}::bigint,
                           rests_on = ${grounds?.restsOn ?? null}, unanswered = ${grounds?.unanswered ?? false}
          where conversation_id in (select id from owned) and turn = ${turn}
            and generation = ${generation} and attempt = ${attempt} and ended is null
          returning conversation_id, started_at, tokens
        ), spent as (
          insert into spending (day, part, tokens)
          select current_date, floor(random() * ${SPREAD}), tokens from finished where tokens > 0
          on conflict (day, part) do update set tokens = spending.tokens + excluded.tokens
        ), known as (
          insert into facts (conversation_id, turn, name, value)
          select conversation_id, ${turn}, f.name, f.value
          from finished, jsonb_to_recordset(${JSON.stringify(facts)}::jsonb) as f(name text, value text)
          on conflict do nothing
        ), said as (
          insert into messages (conversation_id, id, turn, ordinal, author, text, ended, sources, at)
          select conversation_id, ${reply.id}, ${turn}, 1000, 'assistant', ${reply.text}, ${reply.end},
                 ${JSON.stringify(reply.sources)}::jsonb, ${reply.at} from finished
        ), record as (
          insert into records (conversation_id, type, detail)
          select conversation_id, 'turn.ended', jsonb_strip_nulls(jsonb_build_object('turn', ${turn}::integer,
                   'end', ${reply.end}::text, 'reason', ${reason}::text, 'tokens', tokens,
                   'milliseconds', round(extract(epoch from now() - started_at) * 1000))) from finished
        ), ${keeping(grounds?.keep ?? null, conversationId, grounds?.served ?? null)}
        select exists(select from finished) as finished`.execute(db),
    );
    return rows[0]?.finished === true;
  },
});
