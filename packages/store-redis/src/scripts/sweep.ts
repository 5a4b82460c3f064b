import { script } from '../client/script.js'
import type { Script } from '../client/script.js'
import { evenIfFull, prelude } from './common.js'

/** Which entries are to be looked at, which parcels are past their retention, and how the digests stand. */
export const dueScript: Script = script(
  prelude +
    String.raw`
local zk, xk, dw = K(), K(), K()
local limit, retention = N(), N()
local entries = call('ZRANGEBYSCORE', zk, '-inf', I(now), 'LIMIT', 0, limit)
local done = call('ZRANGEBYSCORE', xk, '-inf', I(now - retention), 'LIMIT', 0, math.min(limit, 100))
return {I(now), entries, done, call('HMGET', dw, 'g', 't', 'c', 'x')}
`,
)

/** Looks at entries: those that are due, free and not pushed lately are answered and noted as pushed. */
export const pushScript: Script = script(
  prelude +
    evenIfFull +
    String.raw`
local zk = K()
local push = N()
evenIfFull(zk)
local out = {}
for _ = 1, N() do
  local ek, id = K(), A()
  local at = call('ZSCORE', zk, id)
  if at and tonumber(at) <= now then
    local e = call('HMGET', ek, 'd', 'k', 'u', 'p', 'l', 'w', 't', 'c')
    if not e[1] then call('ZREM', zk, id)
    elseif e[2] and tonumber(e[3]) > now then call('ZADD', zk, e[3], id)
    elseif tonumber(e[1]) > now then call('ZADD', zk, I(tonumber(e[1]) + push), id)
    else
      local pushes = tonumber(e[4] or '0') + 1
      call('HSET', ek, 'p', I(pushes))
      call('ZADD', zk, I(now + push * 2 ^ math.min(pushes, 16)), id)
      out[#out + 1] = {id, e[1], e[5], e[6], e[7], e[8]}
    end
  end
end
return out
`,
)

/**
 * Keeps parcels that have a parked message for longer: an operator may want it sent after all. Each is kept on once, which
 * half a millisecond of its score tells. Answers the others.
 */
export const keepParkedScript: Script = script(
  prelude +
    String.raw`
local xk = K()
local more = N()
local others = {}
for _ = 1, N() do
  local mk, id = K(), A()
  local at = tonumber(call('ZSCORE', xk, id) or '0')
  local s = call('GETRANGE', mk, 0, 1)
  local size = #s == 2 and struct.unpack('>I2', s) or 0
  local letters = size > 0 and call('GETRANGE', mk, 22, 21 + size) or ''
  if at % 1 == 0 and string.find(letters, '[kK]') then
    call('ZADD', xk, string.format('%.1f', at + more + 0.5), id)
  else others[#others + 1] = id end
end
return others
`,
)

/** Keeps parcels that are done for another time: their run is not. */
export const keepOnScript: Script = script(
  prelude +
    evenIfFull +
    String.raw`
local xk = K()
evenIfFull(xk)
for _ = 1, N() do call('ZADD', xk, 'XX', I(now), A()) end
return 0
`,
)

/** Forgets a parcel that is done, unless it was reopened or told more of since it was read. History keeps an archive of it. */
export const forgetScript: Script = script(String.raw`
local s = redis.call('GETRANGE', KEYS[3], 2, 3)
if #s == 2 and struct.unpack('>I2', s) > 0 then
  redis.call('ZREM', KEYS[1], ARGV[1])
  return 0
end
if ARGV[2] ~= '-1' and redis.call('LLEN', KEYS[5]) ~= tonumber(ARGV[2]) then return 0 end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('UNLINK', KEYS[2], KEYS[3], KEYS[4], KEYS[5])
if KEYS[7] then
  redis.call('HDEL', KEYS[7], ARGV[1])
  redis.call('ZREM', KEYS[8], ARGV[1])
end
if ARGV[3] ~= '' then redis.call('SET', KEYS[6], ARGV[3], 'PX', ARGV[4]) end
return 1
`)

/** Forgets a run that is done. One whose firing is still an entry would be begun again: it is kept for another time. */
export const forgetRunScript: Script = script(
  prelude +
    String.raw`
local xk, rk, pk, fk, frk, firing = K(), K(), K(), K(), K(), K()
local run, key = A(), A()
if call('EXISTS', firing) == 1 then
  call('ZADD', xk, I(now), '/' .. run)
  return 0
end
if call('HGET', fk, key) == run then call('HDEL', fk, key) end
call('ZREM', frk, run)
call('UNLINK', rk, pk)
call('ZREM', xk, '/' .. run)
return 1
`,
)

/** Begins the next generation of digests where it is time; the accepts of a store at work do the same. */
export const rotateScript: Script = script(
  prelude +
    String.raw`
local dw, list = K(), K()
call('HDEL', dw, '')
local gen, window = A(), N()
local w = call('HMGET', dw, 'g', 't', 'c', 'w')
if w[1] ~= gen or w[3] ~= '-1' or now < tonumber(w[2]) + window then return 0 end
local had = call('LLEN', list) > 0
call('HSET', dw, 'g', I(tonumber(gen) + 1), 't', I(now), 'c', had and '0' or '-1', 'h', had and '1' or '0', 'pt', w[2], 'pw', w[4] or '0', 'w', '0')
return 1
`,
)

/**
 * Carries the digests of one living parcel on into the present generation, where they are still its own. Digests that are
 * known by number get a new one: the place of the parcel in the new list.
 */
export const carryScript: Script = script(
  prelude +
    String.raw`
local dw, mk, newList = K(), K(), K()
call('HDEL', dw, '')
local gen, id, oldPlace, count = A(), A(), N(), N()
if call('HGET', dw, 'g') ~= gen then return 0 end
local s = call('GETRANGE', mk, 2, 3)
if #s ~= 2 or struct.unpack('>I2', s) == 0 then return 0 end
local place = call('LLEN', newList)
local own = 0
for _ = 1, count do
  local new, old, pos, field = K(), K(), N(), A()
  local v = call('HGET', old, field)
  local ours
  if v == id .. '.' .. I(pos) then ours = v
  elseif v == I(oldPlace * 512 + pos) then ours = I(place * 512 + pos) end
  if ours and call('HSETNX', new, field, ours) == 1 then own = own + 1 end
end
if own > 0 then call('RPUSH', newList, id) end
return own
`,
)

/** Moves a mark of the window on, if it still stands where the caller saw it. */
export const markScript: Script = script(String.raw`
redis.call('HDEL', KEYS[1], '')
local w = redis.call('HMGET', KEYS[1], 'g', ARGV[2])
if w[1] ~= ARGV[1] or w[2] ~= ARGV[3] then return 0 end
redis.call('HSET', KEYS[1], ARGV[2], ARGV[4])
return 1
`)
