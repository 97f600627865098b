import type { Redis, Result } from 'ioredis';

// Lua as text in a module, because `tsc` copies no .lua files: sources and `dist/` load it the same way.
//
// Keys of a conversation, in one cluster slot by their hash tag:
//   {id}:log     hash: generation, server, seq, term, turn, attempt, draft, turnStart, halted
//   {id}:events  stream: one entry per event, its id is `<seq>-0`, its field `e` the JSON
//   {id}:live    pub/sub channel
// `draft` is the fence that may append, '' after a raise or a halt. `halted` is a turn that may only be closed. `server` is
// the replication id of the primary that the log was written on: it changes when a replica is promoted, which may have lost
// appends and raises that were acknowledged. So a fail-over ends every draft at its next append, and the next open begins a
// new generation: no seq is handed out twice in one. Where the ACL forbids INFO, that protection is off; INFO costs 4 µs.
//
// Lua numbers are doubles: seq is exact up to 2^53, and printed with %.0f, since tostring() stops at 14 digits.

export const keysOf = (conversationId: string): [log: string, events: string, live: string] => [
  `{${conversationId}}:log`,
  `{${conversationId}}:events`,
  `{${conversationId}}:live`,
];

const names = `
local log, events, live = KEYS[1], KEYS[2], KEYS[3]
`;

const server = `
local function server()
  local info = redis.pcall('INFO', 'replication')
  return type(info) == 'string' and string.match(info, 'master_replid:(%w+)') or 'unknown'
end
`;

/** ARGV 1 of every writing script: idle seconds. */
const keep = `
redis.call('EXPIRE', log, ARGV[1])
redis.call('EXPIRE', events, ARGV[1])
`;

/** ARGV 2: PUBLISH or SPUBLISH, '=' or '~', MAXLEN. */
const put = `
local function put(generation, seq, from)
  local first = string.format('%.0f', seq + 1)
  for at = from, #ARGV do
    seq = seq + 1
    redis.call('XADD', events, 'MAXLEN', ARGV[3], ARGV[4], string.format('%.0f-0', seq), 'e', ARGV[at])
  end
  redis.call('HSET', log, 'seq', string.format('%.0f', seq))
  ${keep}
  if #ARGV >= from then
    redis.call(ARGV[2], live, '{"generation":"' .. generation .. '","first":' .. first .. ',"events":[' .. table.concat(ARGV, ',', from) .. ']}')
  end
  return seq
end
`;

/** Every process with workers listens here for turns that were ended from outside: conversation id, turn, `halted` or `raised`. */
export const HALTS = 'duradesk:halts';

/**
 * ARGV 5: term, turn, the attempt that the events were written for, generation to use for a new log, '1' to close, events.
 * Nil: stale. 0: halted. Another number: nothing was done, this is the attempt to write for. A string: opened, in this
 * generation.
 */
const open = `${names}${server}${put}
local state = redis.call('HMGET', log, 'generation', 'server', 'seq', 'term', 'turn', 'attempt', 'halted')
local generation, here, seq = state[1], server(), tonumber(state[3] or 0)
local term, turn, attempt = tonumber(ARGV[5]), tonumber(ARGV[6]), 1
local lastTerm, lastTurn = tonumber(state[4] or 0), tonumber(state[5] or 0)
if term < lastTerm or (term == lastTerm and turn < lastTurn) then return false end
if tonumber(state[7]) == turn and ARGV[9] ~= '1' then return 0 end
local new = not generation or state[2] ~= here or turn < lastTurn
if turn == lastTurn and not new then attempt = tonumber(state[6]) + 1 end
if attempt ~= tonumber(ARGV[7]) then return attempt end
if new then
  generation, seq = ARGV[8], 0
  redis.call('DEL', events)
end
if attempt == 1 then redis.call('HSET', log, 'turnStart', string.format('%.0f', seq)) end
redis.call('HSET', log, 'generation', generation, 'server', here, 'term', ARGV[5], 'turn', ARGV[6], 'attempt', ARGV[7],
  'draft', ARGV[5] .. '.' .. ARGV[6] .. '.' .. ARGV[7])
put(generation, seq, 10)
return generation
`;

/** ARGV 5: generation, draft, events. Nil: stale. Else the seq of the last event. */
const append = `${names}${server}${put}
local state = redis.call('HMGET', log, 'generation', 'draft', 'server', 'seq')
if state[1] ~= ARGV[5] or state[2] ~= ARGV[6] or state[3] ~= server() then return false end
return put(ARGV[5], tonumber(state[4]), 7)
`;

/**
 * ARGV 2: term, generation to use for a new log, conversation id. Creates a missing log, or a take-over after a flush would
 * fence nothing.
 */
const raise = `${names}${server}
local state = redis.call('HMGET', log, 'term', 'turn', 'draft')
local term = state[1]
if not term then
  redis.call('DEL', events)
  redis.call('HSET', log, 'generation', ARGV[3], 'server', server(), 'seq', 0, 'turn', 0, 'attempt', 0, 'turnStart', 0)
end
redis.call('HSET', log, 'term', math.max(tonumber(term or 0), tonumber(ARGV[2])), 'draft', '')
${keep}
if term and state[3] ~= '' then redis.call('PUBLISH', '${HALTS}', ARGV[4] .. ' ' .. state[2] .. ' raised') end
return redis.status_reply('OK')
`;

/** ARGV 1: idle seconds, turn or '', conversation id. Without a log there is nothing to end. */
const halt = `${names}
local turn = redis.call('HGET', log, 'turn')
if turn and (ARGV[2] == '' or ARGV[2] == turn) then
  redis.call('HSET', log, 'draft', '', 'halted', turn)
  redis.call('EXPIRE', log, ARGV[1])
  redis.call('PUBLISH', '${HALTS}', ARGV[3] .. ' ' .. turn .. ' halted')
end
return redis.status_reply('OK')
`;

/** ARGV 5: term, events. Nil: another term, or no log. Beside whatever draft is open. */
const announce = `${names}${server}${put}
local state = redis.call('HMGET', log, 'generation', 'term', 'server', 'seq')
if state[2] ~= ARGV[5] or state[3] ~= server() then return false end
return put(state[1], tonumber(state[4]), 6)
`;

/** Nil: no log. Else generation, seq, first, turn, turnStart. */
const head = `${names}
local state = redis.call('HMGET', log, 'generation', 'seq', 'turn', 'turnStart')
if not state[1] then return false end
local oldest = redis.call('XRANGE', events, '-', '+', 'COUNT', 1)[1]
local first = oldest and string.match(oldest[1], '%d+') or state[2] + 1
return { state[1], tonumber(state[2]), tonumber(first), tonumber(state[3]), tonumber(state[4]) }
`;

/**
 * ARGV 1: generation, seq, limit. Nil: not continuous. Else the entries: the first one's id proves that none is missing, and
 * ahead of the head there is none.
 */
const after = `${names}
local state = redis.call('HMGET', log, 'generation', 'seq')
if state[1] ~= ARGV[1] then return false end
if state[2] == ARGV[2] then return {} end
local next = string.format('%.0f-0', ARGV[2] + 1)
local entries = redis.call('XRANGE', events, next, '+', 'COUNT', ARGV[3])
if not entries[1] or entries[1][1] ~= next then return false end
return entries
`;

type Keys = [log: string, events: string, live: string];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    duradeskOpen(...args: [...Keys, ...argv: (string | number)[]]): Result<string | number | null, Context>;
    duradeskAppend(...args: [...Keys, ...argv: (string | number)[]]): Result<number | null, Context>;
    duradeskAnnounce(...args: [...Keys, ...argv: (string | number)[]]): Result<number | null, Context>;
    duradeskRaise(...args: [...Keys, ...argv: (string | number)[]]): Result<'OK', Context>;
    duradeskHalt(...args: [...Keys, ...argv: (string | number)[]]): Result<'OK', Context>;
    duradeskHead(...args: Keys): Result<[string, number, number, number, number] | null, Context>;
    duradeskAfter(
      ...args: [...Keys, generation: string, seq: number, limit: number]
    ): Result<[id: string, fields: ['e', string]][] | null, Context>;
  }
}

/** Defines the commands above on a connection (EVALSHA after the first call). Doing so twice changes nothing. */
export const defineScripts = (redis: Redis): void => {
  for (const [name, lua] of Object.entries({
    Open: open,
    Append: append,
    Announce: announce,
    Raise: raise,
    Halt: halt,
    Head: head,
    After: after,
  }))
    redis.defineCommand(`duradesk${name}`, { lua, numberOfKeys: 3 });
};
