import { sql } from 'kysely';
import { z } from 'zod';
import type { TurnFence } from '../contracts/conversation.ts';
import type { Message, ReplyEnd, Source } from '../contracts/events.ts';
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

export type Claimed =
  /**
   * Ours: the messages before this turn, oldest first, the calls of earlier rounds, and kept answers to questions like the
   * one that was looked up.
   */
  | { kind: 'claimed'; history: Message[]; steps: Step[]; answers: CachedAnswer[] }
  /** The turn was finished before: this is what it said, and the ids of the messages that it answered. */
  | { kind: 'ended'; reply: Message; answered: string[] }
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
const HISTORY = 40;

/** Every method rejects with `StoreUnavailable`. */
export type Turns = ReturnType<typeof createTurns>;

export const createTurns = (db: Database) => ({
  /**
   * Takes the turn for one attempt and records what the customer said, in one statement. Within a generation a higher
   * attempt wins, whatever the order of arrival, so a worker that was frozen cannot take a turn back; across generations
   * the last one wins, and whoever lost is refused at `finish`. A turn that ended keeps the messages that it answered: one
   * that joined it later, when its task was run again, is not recorded here.
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
        answered: string[] | null;
        history: MessageRow[];
        steps: Step[];
        answers: unknown[];
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
          on conflict do nothing
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
               ${candidates(read?.lookup ?? null)} as answers`.execute(db),
    );
    const [row] = rows;
    if (row?.reply) return { kind: 'ended', reply: toMessage(row.reply), answered: row.answered ?? [] };
    if (!row?.claimed) return { kind: 'refused' };
    const { history, steps, answers } = row;
    return { kind: 'claimed', history: history.map(toMessage), steps, answers: z.array(cachedAnswer).parse(answers) };
  },

  /**
   * Writes the reply and ends the turn, once. `false`: the claim was lost to another attempt or owner, nothing was
   * written. The update of the conversation's row waits for a takeover in progress and then sees its term. `grounds` are those
   * of a reply of the assistant's own making.
   */
  async finish(
    claim: Claim,
    reply: { id: string; text: string; end: ReplyEnd; sources: Source[]; at: string },
    grounds?: Grounds,
  ): Promise<boolean> {
    const { conversationId, term, turn, generation, attempt } = claim;
    const { rows } = await reaching(
      sql<{ finished: boolean }>`
        with owned as (
          update conversations set updated_at = now() where id = ${conversationId} and term = ${term} returning id
        ), finished as (
          update turns set ended = ${reply.end}, ended_at = ${reply.at}, rests_on = ${grounds?.restsOn ?? null},
                           unanswered = ${grounds?.unanswered ?? false}
          where conversation_id in (select id from owned) and turn = ${turn}
            and generation = ${generation} and attempt = ${attempt} and ended is null
          returning conversation_id, started_at
        ), said as (
          insert into messages (conversation_id, id, turn, ordinal, author, text, ended, sources, at)
          select conversation_id, ${reply.id}, ${turn}, 1000, 'assistant', ${reply.text}, ${reply.end},
                 ${JSON.stringify(reply.sources)}::jsonb, ${reply.at} from finished
        ), record as (
          insert into records (conversation_id, type, detail)
          select conversation_id, 'turn.ended', jsonb_build_object('turn', ${turn}::integer, 'end', ${reply.end}::text,
                   'milliseconds', round(extract(epoch from now() - started_at) * 1000)) from finished
        ), ${keeping(grounds?.keep ?? null, conversationId, grounds?.served ?? null)}
        select exists(select from finished) as finished`.execute(db),
    );
    return rows[0]?.finished === true;
  },
});
