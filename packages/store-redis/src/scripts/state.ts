import { script } from '../client/script.js'
import type { Script } from '../client/script.js'

const clock = String.raw`
local call = redis.call
local T = call('TIME')
local now = T[1] * 1000 + math.floor(T[2] / 1000)
local function I(n) return string.format('%.0f', n) end
local out = {}
`

export const countScript: Script = script(
  clock +
    String.raw`
for i, k in ipairs(KEYS) do
  local fresh = call('EXISTS', k) == 0
  out[i] = I(call('INCRBY', k, ARGV[i * 2 - 1]))
  if fresh then call('PEXPIRE', k, ARGV[i * 2]) end
end
return out
`,
)

export const rememberScript: Script = script(
  clock +
    String.raw`
for i, k in ipairs(KEYS) do
  local v = call('GET', k)
  if v then out[i] = {v, 0}
  else
    call('SET', k, ARGV[i * 2 - 1], 'PX', ARGV[i * 2])
    out[i] = {ARGV[i * 2 - 1], 1}
  end
end
return out
`,
)

/** GCRA: what is kept of a bucket is when its next token would arrive; a full one is not kept at all. */
export const takeScript: Script = script(
  clock +
    String.raw`
for i, k in ipairs(KEYS) do
  local a = (i - 1) * 6
  local tokens, per, burst, cost = tonumber(ARGV[a + 1]), tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3]), tonumber(ARGV[a + 4])
  local wait, keep = tonumber(ARGV[a + 5]), tonumber(ARGV[a + 6])
  local emission = per / tokens
  local tolerance = emission * math.max(0, burst - keep)
  local arrival = math.max(tonumber(call('GET', k) or now), now)
  local next = arrival + emission * cost
  local at = math.max(now, math.ceil(next - tolerance))
  if at - now > wait then out[i] = {0, I(at), 0}
  else
    if next > now then call('SET', k, string.format('%.17g', next), 'PX', I(math.ceil(next - now) + 1)) end
    out[i] = {at <= now and 1 or 0, I(at), at > now and 1 or 0}
  end
end
return out
`,
)

export const enterScript: Script = script(
  clock +
    String.raw`
for i, k in ipairs(KEYS) do
  local member, max, window = ARGV[i * 3 - 2], tonumber(ARGV[i * 3 - 1]), tonumber(ARGV[i * 3])
  call('ZREMRANGEBYSCORE', k, '-inf', I(now - window))
  if call('ZSCORE', k, member) then out[i] = {1, ''}
  else
    local size = call('ZCARD', k)
    if size < max then
      call('ZADD', k, I(now), member)
      call('PEXPIRE', k, I(window))
      out[i] = {1, ''}
    else
      local leaving = call('ZRANGE', k, size - max, size - max, 'WITHSCORES')
      out[i] = {0, leaving[2] and I(tonumber(leaving[2]) + window) or ''}
    end
  end
end
return out
`,
)

/**
 * Budgets: fields `l`, `r` and `s` (left, reserved, spent) of one hash. A reservation is a hash of lines: what it had of
 * which budget, and whether that is still reserved. Lines that have ended are kept for a day, so that asking again is
 * no second grant.
 */
const budgetFunctions = String.raw`
local levels, record = KEYS[1], KEYS[2]
local day = 86400000
local function add(budget, field, amount) call('HINCRBY', levels, field .. budget, I(amount)) end
local function settle()
  if tonumber(call('HGET', record, '#') or '0') > 0 then call('PERSIST', record)
  else call('PEXPIRE', record, day) end
end
local function finish(field, to, told)
  local line = call('HGET', record, field)
  if not line or string.sub(line, 1, 1) ~= 'r' then return end
  local amount = tonumber(string.sub(line, 2))
  local spent = to == 'c' and (tonumber(told) or amount) or 0
  local budget = string.match(field, '^%d+:(.*)$')
  budget = string.sub(budget, 1, tonumber(string.match(field, '^(%d+):')))
  add(budget, 'r', -amount)
  if spent ~= 0 then add(budget, 's', spent) end
  if spent ~= amount then add(budget, 'l', amount - spent) end
  call('HSET', record, field, to .. string.sub(line, 2))
  call('HINCRBY', record, '#', -1)
end
`

/** Adds once, though the client may send a call again whose answer was lost: each call has a name. */
export const creditScript: Script = script(String.raw`
if redis.call('SET', KEYS[2], '1', 'NX', 'PX', '600000') then
  return redis.call('HINCRBY', KEYS[1], ARGV[1], ARGV[2])
end
return redis.call('HGET', KEYS[1], ARGV[1]) or '0'
`)

export const reserveScript: Script = script(
  clock +
    budgetFunctions +
    String.raw`
local some = false
for i = 1, #ARGV, 3 do
  local budget, member, amount = ARGV[i], ARGV[i + 1], tonumber(ARGV[i + 2])
  local field = #budget .. ':' .. budget .. member
  local line = call('HGET', record, field)
  if line then out[#out + 1] = string.sub(line, 1, 1) ~= 'x' and 1 or 0
  elseif tonumber(call('HGET', levels, 'l' .. budget) or '0') < amount then out[#out + 1] = 0
  else
    add(budget, 'l', -amount)
    add(budget, 'r', amount)
    call('HSET', record, field, 'r' .. I(amount))
    call('HINCRBY', record, '#', 1)
    some = true
    out[#out + 1] = 1
  end
end
if some then settle() end
return out
`,
)

/** Ends lines: `c` spends, `x` gives back. Behind each member is what it spends, where that is not what it reserved. Without members, all lines. */
export const endScript: Script = script(
  clock +
    budgetFunctions +
    String.raw`
if call('EXISTS', record) == 0 then return 0 end
local wanted
if #ARGV > 1 then
  wanted = {}
  for i = 2, #ARGV, 2 do wanted[ARGV[i]] = ARGV[i + 1] end
end
for _, field in ipairs(call('HKEYS', record)) do
  if field ~= '#' then
    local n = tonumber(string.match(field, '^(%d+):'))
    local member = string.sub(string.match(field, '^%d+:(.*)$'), n + 1)
    if not wanted or wanted[member] then finish(field, ARGV[1], wanted and wanted[member]) end
  end
end
settle()
return 1
`,
)

/** A document, and the change that tells of it: numbered, so that whoever watches misses none. */
export const writeDocumentScript: Script = script(String.raw`
local version = tonumber(redis.call('HGET', KEYS[1], 'v') or '0')
if version ~= tonumber(ARGV[2]) then return false end
redis.call('HSET', KEYS[1], 't', ARGV[1], 'v', ARGV[2] + 1)
local change = redis.call('INCR', KEYS[3])
redis.call('ZADD', KEYS[2], change, ARGV[3])
redis.call('PUBLISH', ARGV[4], ARGV[3])
return version + 1
`)

export const readDocumentsScript: Script = script(String.raw`
local out = {}
for i, k in ipairs(KEYS) do out[i] = redis.call('HMGET', k, 't', 'v') end
return out
`)

/** The keys that were changed after a number, with theirs. */
export const changesScript: Script = script(String.raw`
return redis.call('ZRANGEBYSCORE', KEYS[1], '(' .. ARGV[1], '+inf', 'WITHSCORES', 'LIMIT', 0, 500)
`)
