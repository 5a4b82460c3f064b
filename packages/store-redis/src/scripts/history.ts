import { script } from '../client/script.js'
import type { Script } from '../client/script.js'

/** Everything that is known of parcels: what lives, what happened to it, or the archive. */
export const readHistoryScript: Script = script(String.raw`
local out = {}
for i = 1, #KEYS, 5 do
  local marks = redis.call('GET', KEYS[i])
  if marks then
    out[#out + 1] = {
      marks, redis.call('HGETALL', KEYS[i + 1]),
      ARGV[(i + 4) / 5] == '1' and redis.call('GET', KEYS[i + 2]), redis.call('LRANGE', KEYS[i + 3], 0, -1),
    }
  else out[#out + 1] = {false, {}, redis.call('GET', KEYS[i + 4]), {}} end
end
return out
`)

/** Takes one parcel off the queue and notes its messages at their recipients; whoever takes it first does so. */
export const feedRecipientsScript: Script = script(String.raw`
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
local at = ARGV[3]
local count = redis.call('INCR', KEYS[2])
redis.call('PEXPIREAT', KEYS[2], at)
redis.call('HSET', KEYS[3], string.format('%.0f', count), ARGV[2])
redis.call('PEXPIREAT', KEYS[3], at)
for i = 4, #KEYS do
  local a = 4 + (i - 4) * 2
  local k, f = KEYS[i], ARGV[a]
  local v = redis.call('HGET', k, f)
  local own = string.format('%.0f', count * 512 + tonumber(ARGV[a + 1]))
  redis.call('HSET', k, f, v and (v .. ',' .. own) or own)
  if not v and redis.call('HLEN', k) == 1 then redis.call('PEXPIREAT', k, at) end
end
return 1
`)

/** The same for what providers call messages: lines of a provider and a message id. */
export const feedProvidersScript: Script = script(String.raw`
if redis.call('LREM', KEYS[1], 1, ARGV[1]) == 0 then return 0 end
for i = 2, #KEYS do
  local a = 3 + (i - 2) * 2
  local k, f = KEYS[i], ARGV[a]
  local v = redis.call('HGET', k, f)
  if not v or not string.find('\n' .. v .. '\n', '\n' .. ARGV[a + 1] .. '\n', 1, true) then
    redis.call('HSET', k, f, v and (v .. '\n' .. ARGV[a + 1]) or ARGV[a + 1])
    if not v and redis.call('HLEN', k) == 1 then redis.call('PEXPIREAT', k, ARGV[2]) end
  end
end
return 1
`)

/** One field of each of several hashes. */
export const fieldsScript: Script = script(String.raw`
local out = {}
for i = 1, #KEYS do out[i] = redis.call('HGET', KEYS[i], ARGV[i]) end
return out
`)

/** The newest parcels of a range, from a place on; and the oldest ones are let go. */
export const timesScript: Script = script(String.raw`
return redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', ARGV[3], ARGV[4])
`)
