import type { Redis, Result } from 'ioredis';

// The queue in front of one model, as Lua. All keys of a model share one hash tag:
//   {model}:leases   zset: call → until when its place is kept
//   {model}:waiting  zset, all scores 0: "<rank and share> <arrival> <call> <process> <until> <tokens>", so that the first of a
//                    share is the first of a range
//   {model}:backlog  zset: rank and share, of those who wait → rank, tag and arrival in one number: the lowest is next
//   {model}:served   zset: rank and share → the tag of its last place
//   {model}:peers    zset: process → when it last said something
//   {model}:state    hash: arrivals, v0 and v1 (virtual time of each rank), requests, tokens, at (when both were counted),
//                    pausedUntil, limit (0: as configured), reducedAt
//
// Start-time fair queueing (Goyal et al., 1996): a share that begins to wait gets the tag max(virtual time, its last tag) + 1,
// and one more with each place. Tags are given to the first of a share and not on arrival, so that a call that gives up costs
// its share nothing. All times are Redis's own, milliseconds.

export const modelKeysOf = (model: string): ModelKeys => [
  `{${model}}:leases`,
  `{${model}}:waiting`,
  `{${model}}:backlog`,
  `{${model}}:served`,
  `{${model}}:peers`,
  `{${model}}:state`,
];

/** Where a process hears of its calls' places. */
export const grantsOf = (model: string, process: string): string => `{${model}}:grants:${process}`;

/** A place of a live process is kept for so long after its last word, which comes every second. */
const LEASE_MS = 15_000;
/** A place that was given and not yet taken up: a publication takes a millisecond. */
const GRANT_MS = 2_000;
/** A process with calls that wait says something every second; after this long without a word it gets no places. */
const SILENT_MS = 5_000;
/** A queue that nobody used for so long begins anew: buckets full, limit as configured. */
const IDLE_MS = 600_000;

/** ARGV of all: 1 process, 2 concurrency, 3 requests per ms, 4 their burst, 5 tokens per ms, 6 their burst, 7 grants channel prefix. */
const common = `
local leases, waiting, backlog, served, peers, state = KEYS[1], KEYS[2], KEYS[3], KEYS[4], KEYS[5], KEYS[6]
local time = redis.call('TIME')
local now = time[1] * 1000 + math.floor(time[2] / 1000)
local me, most = ARGV[1], tonumber(ARGV[2])
local function text(number) return string.format('%.0f', number) end
redis.call('ZADD', peers, now, me)
redis.call('ZREMRANGEBYSCORE', leases, '-inf', now)

local known = redis.call('HMGET', state, 'requests', 'tokens', 'at', 'pausedUntil', 'limit', 'reducedAt', 'v0', 'v1')
local isNew = not known[3]
local past = now - tonumber(known[3] or now)
local requests = math.min(tonumber(ARGV[4]), tonumber(known[1] or ARGV[4]) + past * tonumber(ARGV[3]))
local tokens = math.min(tonumber(ARGV[6]), tonumber(known[2] or ARGV[6]) + past * tonumber(ARGV[5]))
local pausedUntil, reducedAt = tonumber(known[4] or 0), tonumber(known[6] or 0)
local limit = math.min(tonumber(known[5] or most), most)
if limit <= 0 then limit = most end
local v = { ['0'] = tonumber(known[7] or 0), ['1'] = tonumber(known[8] or 0) }

local function first(share)
  return redis.call('ZRANGEBYLEX', waiting, '[' .. share .. ' ', '(' .. share .. '!', 'LIMIT', 0, 1)[1]
end

-- 1 bit of rank, 31 of tag, 20 of arrival: exact in a double.
local function tagOf(share)
  local order = redis.call('ZSCORE', backlog, share)
  return order and math.floor(tonumber(order) % 2251799813685248 / 1048576)
end

local function queue(share, tag)
  local head = first(share)
  if not head then redis.call('ZREM', backlog, share) return end
  local rank = string.sub(share, 1, 1)
  tag = tag or tagOf(share) or math.max(v[rank], tonumber(redis.call('ZSCORE', served, share) or 0)) + 1
  local arrival = tonumber(string.match(head, '^%S+ (%d+)')) % 1048576
  redis.call('ZADD', backlog, text(tonumber(rank) * 2251799813685248 + tag * 1048576 + arrival), share)
end

local function forget(member)
  if redis.call('ZREM', waiting, member) == 0 then return false end
  queue(string.match(member, '^%S+'))
  return true
end

-- Gives places for as long as there are any, and returns in how many ms there may be the next.
local function pump(mine)
  while true do
    local share = redis.call('ZRANGE', backlog, 0, 0)[1]
    if not share then return -1 end
    local member = first(share)
    if not member then
      redis.call('ZREM', backlog, share)
    else
      local call, process, till, cost = string.match(member, '^%S+ %d+ (%S+) (%S+) (%d+) (%d+)')
      local heard = tonumber(redis.call('ZSCORE', peers, process) or 0)
      if tonumber(till) < now or heard < now - ${SILENT_MS} then
        forget(member)
      else
        cost = math.min(tonumber(cost), tonumber(ARGV[6]))
        if pausedUntil > now then return pausedUntil - now end
        if redis.call('ZCARD', leases) >= math.floor(limit) then return -1 end
        if requests < 1 then return math.ceil((1 - requests) / tonumber(ARGV[3])) end
        if tokens < cost then return math.ceil((cost - tokens) / tonumber(ARGV[5])) end
        requests, tokens = requests - 1, tokens - cost
        local rank, tag = string.sub(share, 1, 1), tagOf(share)
        v[rank] = math.max(v[rank], tag)
        redis.call('ZADD', served, tag, share)
        redis.call('ZREM', waiting, member)
        queue(share, tag + 1)
        redis.call('ZADD', leases, now + (call == mine and ${LEASE_MS} or ${GRANT_MS}), call)
        if call ~= mine then redis.call('PUBLISH', ARGV[7] .. process, call) end
      end
    end
  end
end

local function close(wait)
  if redis.call('ZCARD', backlog) == 0 then
    -- Tags only order those who wait: without them all begin anew, so that the numbers stay small.
    redis.call('DEL', served)
    v['0'], v['1'] = 0, 0
  end
  redis.call('HSET', state, 'requests', tostring(requests), 'tokens', tostring(tokens), 'at', text(now), 'pausedUntil', text(pausedUntil),
    'limit', limit < most and tostring(limit) or '0', 'reducedAt', text(reducedAt), 'v0', text(v['0']), 'v1', text(v['1']))
  redis.call('ZREMRANGEBYSCORE', peers, '-inf', now - ${LEASE_MS})
  for at = 1, #KEYS do redis.call('PEXPIRE', KEYS[at], ${IDLE_MS}) end
  return { wait, redis.call('ZCARD', waiting), redis.call('ZCARD', leases), math.floor(limit), redis.call('ZCARD', peers),
    isNew and 1 or 0, text(now) }
end
`;

/** ARGV 8: rank and share, call, how long it waits, tokens. Ends with how it waits, '' where it has its place. */
const enter = `${common}
local arrival = redis.call('HINCRBY', state, 'arrivals', 1)
local member = table.concat({ ARGV[8], string.format('%016.0f', arrival), ARGV[9], me, text(now + tonumber(ARGV[10])), ARGV[11] }, ' ')
redis.call('ZADD', waiting, 0, member)
if not tagOf(ARGV[8]) then queue(ARGV[8]) end
local wait = pump(ARGV[9])
local has = redis.call('ZSCORE', leases, ARGV[9])
if not has and ARGV[10] == '0' then forget(member) end
local reply = close(wait)
reply[8] = has and '' or member
return reply
`;

/** ARGV 8: call. Takes up a place that was given. Ends with 0 when it was too late. */
const take = `${common}
local has = redis.call('ZSCORE', leases, ARGV[8])
if has then redis.call('ZADD', leases, now + ${LEASE_MS}, ARGV[8]) end
local reply = close(pump(''))
reply[8] = has and 1 or 0
return reply
`;

/**
 * ARGV 8: call, since when it had its place, result, tokens reserved, tokens used or '', pause in ms. One 429 halves the
 * limit; those of calls that had begun before say nothing new. Each success raises it by its part of one.
 */
const leave = `${common}
redis.call('ZREM', leases, ARGV[8])
if ARGV[12] ~= '' then tokens = math.min(tonumber(ARGV[6]), tokens + math.min(tonumber(ARGV[11]), tonumber(ARGV[6])) - tonumber(ARGV[12])) end
if ARGV[10] == 'slow_down' then
  pausedUntil = math.max(pausedUntil, now + tonumber(ARGV[13]))
  if tonumber(ARGV[9]) > reducedAt then
    limit = math.max(1, math.floor(limit / 2))
    reducedAt = now
  end
elseif ARGV[10] == 'ok' then
  limit = math.min(most, limit + 1 / limit)
end
return close(pump(''))
`;

/** ARGV 8: call, how it waits, tokens. Gives up; a place that it got meanwhile, and what was reserved, go to the next. */
const abandon = `${common}
if not forget(ARGV[9]) and redis.call('ZREM', leases, ARGV[8]) == 1 then
  requests = math.min(tonumber(ARGV[4]), requests + 1)
  tokens = math.min(tonumber(ARGV[6]), tokens + tonumber(ARGV[10]))
end
return close(pump(''))
`;

/**
 * ARGV 8: number of places held, these calls, then call and how it waits of each that waits. Keeps the places, also those that
 * Redis has lost, and ends with a digit for each that waits: 2 has a place, 1 waits, 0 is not known any more.
 */
const tick = `${common}
local held = tonumber(ARGV[8])
for at = 9, 8 + held do redis.call('ZADD', leases, now + ${LEASE_MS}, ARGV[at]) end
local wait = pump('')
local found = {}
for at = 9 + held, #ARGV, 2 do
  found[#found + 1] = redis.call('ZSCORE', leases, ARGV[at]) and '2' or redis.call('ZSCORE', waiting, ARGV[at + 1]) and '1' or '0'
end
local reply = close(wait)
reply[8] = table.concat(found)
return reply
`;

export type ModelKeys = [
  leases: string,
  waiting: string,
  backlog: string,
  served: string,
  peers: string,
  state: string,
];

/** `next`: in how many ms there may be a place; -1 when only the end of a call brings one. `now` is Redis's clock. */
type Standing = [
  next: number,
  waiting: number,
  talking: number,
  limit: number,
  peers: number,
  isNew: 0 | 1,
  now: string,
];
type Settings = (string | number)[];

declare module 'ioredis' {
  interface RedisCommander<Context> {
    duradeskQueueEnter(...args: [...ModelKeys, ...Settings]): Result<[...Standing, member: string], Context>;
    duradeskQueueTake(...args: [...ModelKeys, ...Settings]): Result<[...Standing, taken: 0 | 1], Context>;
    duradeskQueueLeave(...args: [...ModelKeys, ...Settings]): Result<Standing, Context>;
    duradeskQueueAbandon(...args: [...ModelKeys, ...Settings]): Result<Standing, Context>;
    duradeskQueueTick(...args: [...ModelKeys, ...Settings]): Result<[...Standing, found: string], Context>;
  }
}

/** Defines the commands above on a connection. Doing so twice changes nothing. */
export const defineQueueScripts = (redis: Redis): void => {
  for (const [name, lua] of Object.entries({ Enter: enter, Take: take, Leave: leave, Abandon: abandon, Tick: tick }))
    redis.defineCommand(`duradeskQueue${name}`, { lua, numberOfKeys: 6 });
};
