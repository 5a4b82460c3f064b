import { script } from '../client/script.js'
import type { Script } from '../client/script.js'

const clock = String.raw`
local call = redis.call
local T = call('TIME')
local now = T[1] * 1000 + math.floor(T[2] / 1000)
local function I(n) return string.format('%.0f', n) end
`

/**
 * Of each envelope: all of them, those leased of its lane, shares of its lane, those waiting of its share. One that waits
 * already waits once; one that is leased waits anew: whoever had it may be dead, and the ledger passes over what is doubled.
 */
export const poolPushScript: Script = script(
  clock +
    String.raw`
for i = 1, #KEYS, 4 do
  local a = (i - 1) / 4 * 4
  local id, due, envelope, share = ARGV[a + 1], ARGV[a + 2], ARGV[a + 3], ARGV[a + 4]
  call('ZREM', KEYS[i + 1], id)
  call('HSET', KEYS[i], id, envelope)
  call('ZADD', KEYS[i + 3], due == '0' and I(now) or due, id)
  call('ZADD', KEYS[i + 2], 'NX', 0, share)
end
return 1
`,
)

/**
 * Takes due envelopes of one lane. Shares take turns by stride: each has a place that moves on by one over its weight at
 * each turn, and the hindmost goes first; one that did not wait begins where the others are. The caller names the shares
 * that it knows; where there are others, it is told.
 */
export const poolTakeScript: Script = script(
  clock +
    String.raw`
local all, leased, shares, at = KEYS[1], KEYS[2], KEYS[3], KEYS[4]
local max, lease = tonumber(ARGV[1]), tonumber(ARGV[2])
local names = call('ZRANGE', shares, 0, -1)
if #names ~= #KEYS - 4 then return {'shares', names} end
local keyOf = {}
for i = 5, #KEYS do keyOf[ARGV[i - 2]] = KEYS[i] end
for _, name in ipairs(names) do if not keyOf[name] then return {'shares', names} end end
for _, id in ipairs(call('ZRANGEBYSCORE', leased, '-inf', I(now), 'LIMIT', 0, 100)) do
  local e = call('HGET', all, id)
  call('ZREM', leased, id)
  if e then call('ZADD', keyOf[cjson.decode(e).tenant], I(now), id) end
end
local heads, place, out = {}, {}, {}
local next = 0
for _, name in ipairs(names) do
  local ids = call('ZRANGEBYSCORE', keyOf[name], '-inf', I(now), 'LIMIT', 0, max)
  if #ids > 0 then
    heads[name] = ids
    place[name] = tonumber(call('ZSCORE', shares, name))
  else
    local head = call('ZRANGE', keyOf[name], 0, 0, 'WITHSCORES')
    if head[2] and (next == 0 or tonumber(head[2]) < next) then next = tonumber(head[2]) end
  end
end
local base = tonumber(call('GET', at) or '0')
while #out < max do
  local best, least
  for name, ids in pairs(heads) do
    local p = math.max(place[name], base)
    if #ids > 0 and (not best or p < least or (p == least and name < best)) then best, least = name, p end
  end
  if not best then break end
  local id = table.remove(heads[best], 1)
  call('ZREM', keyOf[best], id)
  local e = call('HGET', all, id)
  if e then
    call('ZADD', leased, I(now + lease), id)
    base = least
    place[best] = least + 1 / (tonumber(string.match(e, '"weight":([%d.eE+-]+)')) or 1)
    call('ZADD', shares, string.format('%.17g', place[best]), best)
    out[#out + 1] = e
  end
end
if #out > 0 then call('SET', at, string.format('%.17g', base)) end
local until1 = call('ZRANGE', leased, 0, 0, 'WITHSCORES')[2]
if until1 and (next == 0 or tonumber(until1) < next) then next = tonumber(until1) end
return {'taken', out, next == 0 and -1 or math.max(0, next - now)}
`,
)

/** Of each envelope: all of them, those leased of its lane, those waiting of its share. */
export const poolAckScript: Script = script(String.raw`
for i = 1, #KEYS, 3 do
  local id = ARGV[(i + 2) / 3]
  redis.call('ZREM', KEYS[i + 1], id)
  redis.call('ZREM', KEYS[i + 2], id)
  redis.call('HDEL', KEYS[i], id)
end
return 1
`)

/** Lengthens leases; with a length of 0, gives them back at once. */
export const poolRenewScript: Script = script(
  clock +
    String.raw`
for i, k in ipairs(KEYS) do
  if call('ZSCORE', k, ARGV[i + 1]) then call('ZADD', k, I(now + tonumber(ARGV[1])), ARGV[i + 1]) end
end
return 1
`,
)

/** Of a lane: what waits of each share, with the oldest, and who is leased. */
export const poolDepthScript: Script = script(String.raw`
local out = {}
for i = 3, #KEYS do
  local head = redis.call('ZRANGE', KEYS[i], 0, 0, 'WITHSCORES')
  out[#out + 1] = {redis.call('ZCARD', KEYS[i]), head[2] or ''}
end
local leased = redis.call('ZRANGE', KEYS[2], 0, -1)
local envelopes = {}
for i, id in ipairs(leased) do envelopes[i] = redis.call('HGET', KEYS[1], id) or '' end
return {out, envelopes}
`)
