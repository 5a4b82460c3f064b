import { createHash } from 'node:crypto'
import type { Redis } from 'ioredis'

/*
 * What waits of each share of a lane, beside BullMQ's own keys. KEYS[1] is `{prefix}:pool:<lane>`, and below it:
 *   :share:<tenant>   ids that were given to BullMQ and not claimed, by when they are due (zset)
 *   :order:<tenant>, :next:<tenant>   the ids and envelopes that come next, a bounded number (list, hash)
 *   :more             tenants of whom the ledger has more, with a number that changes each time (hash)
 *   :refill:<tenant>  somebody reads the ledger for that share
 * ARGV begins with the store's time and BullMQ's prefix of jobs.
 */
const common = `
local base, now, jobs = KEYS[1], tonumber(ARGV[1]), ARGV[2]
local call = redis.call
local function waits(key, most)
  local count = call('ZCOUNT', key, '-inf', now)
  if count < most then return count end
  -- Full: what a process took or never added, and died before it said so, gives its place back.
  for _, id in ipairs(call('ZRANGEBYSCORE', key, '-inf', now - 10000)) do
    if call('EXISTS', jobs .. id) == 0 then count = count - call('ZREM', key, id) end
  end
  return count
end
`

/** For each envelope: 1 push it, 2 it waits or is leased already, 0 it stays here or in the ledger, 3 the same and it is due later. */
export const admitScript: Script = script(`${common}
local kept = tonumber(ARGV[3])
local answers, at = {}, 4
while at < #ARGV do
  local tenant, most, count = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  at = at + 3
  local share, order, nexts = base .. ':share:' .. tenant, base .. ':order:' .. tenant, base .. ':next:' .. tenant
  local waiting = waits(share, most)
  local delayed = call('ZCOUNT', share, '(' .. now, '+inf')
  local more = call('HEXISTS', base .. ':more', tenant) == 1
  local listed = call('LLEN', order)
  -- Behind those that came before; but where nothing waits, nobody would come for them.
  local behind = waiting > 0 and (more or listed > 0)
  local left = false
  for _ = 1, count do
    local id, due, data = ARGV[at], tonumber(ARGV[at + 1]), ARGV[at + 2]
    at = at + 3
    local answer = 0
    if call('EXISTS', jobs .. id) == 1 or call('HEXISTS', nexts, id) == 1 then
      answer = 2
    elseif due > now then
      answer = 3
      if delayed < most then
        delayed = delayed + call('ZADD', share, due, id)
        answer = 1
      end
    elseif waiting < most and not behind then
      waiting = waiting + call('ZADD', share, now, id)
      answer = 1
    elseif not more and listed < kept then
      listed = call('RPUSH', order, id)
      call('HSET', nexts, id, data)
    else
      left = true
    end
    answers[#answers + 1] = answer
  end
  call('EXPIRE', share, 86400)
  call('EXPIRE', order, 86400)
  call('EXPIRE', nexts, 86400)
  if left then call('HINCRBY', base .. ':more', tenant, 1) end
end
return answers
`)

/** Those named were claimed. Answers for each share what comes next in their place, and whether the ledger is to be read. */
export const drawScript: Script = script(`${common}
local answers, at = {}, 3
while at < #ARGV do
  local tenant, most, count = ARGV[at], tonumber(ARGV[at + 1]), tonumber(ARGV[at + 2])
  at = at + 3
  local share, order, nexts = base .. ':share:' .. tenant, base .. ':order:' .. tenant, base .. ':next:' .. tenant
  for index = at, at + count - 1 do call('ZREM', share, ARGV[index]) end
  at = at + count
  local more = call('HGET', base .. ':more', tenant)
  local drawn, refill = {}, ''
  if more or call('EXISTS', order) == 1 then
    local room = most - waits(share, most)
    while room > 0 do
      local id = call('LPOP', order)
      if not id then break end
      local data = call('HGET', nexts, id)
      call('HDEL', nexts, id)
      if data and call('EXISTS', jobs .. id) == 0 then
        call('ZADD', share, now, id)
        drawn[#drawn + 1] = id
        drawn[#drawn + 1] = data
        room = room - 1
      end
    end
    if room > 0 and more and call('SET', base .. ':refill:' .. tenant, '1', 'NX', 'PX', 5000) then refill = more end
  end
  answers[#answers + 1] = { tenant, refill, drawn }
end
return answers
`)

/** What was read of the ledger: comes next. Where there was nothing more, and nobody left something since, that is noted. */
export const refillScript: Script = script(`${common}
local tenant, seen, nothing = ARGV[3], ARGV[4], ARGV[5]
local order, nexts = base .. ':order:' .. tenant, base .. ':next:' .. tenant
for at = 6, #ARGV, 2 do
  if call('EXISTS', jobs .. ARGV[at]) == 0 and call('HSETNX', nexts, ARGV[at], ARGV[at + 1]) == 1 then
    call('RPUSH', order, ARGV[at])
  end
end
call('EXPIRE', order, 86400)
call('EXPIRE', nexts, 86400)
if nothing == '1' and call('HGET', base .. ':more', tenant) == seen then call('HDEL', base .. ':more', tenant) end
call('DEL', base .. ':refill:' .. tenant)
return 0
`)

export interface Script {
  readonly text: string
  readonly sha: string
}

function script(text: string): Script {
  return { text, sha: createHash('sha1').update(text).digest('hex') }
}

/** One round trip, but for the first time on a server. */
export async function run(
  client: Redis,
  { text, sha }: Script,
  key: string,
  args: (string | number)[],
): Promise<unknown> {
  try {
    return await client.evalsha(sha, 1, key, ...args)
  } catch (error) {
    if (!(error instanceof Error) || !error.message.startsWith('NOSCRIPT')) throw error
    return client.eval(text, 1, key, ...args)
  }
}
