import { script } from '../client/script.js'
import type { Script } from '../client/script.js'
import { prelude } from './common.js'

/**
 * Notes events: for each recipient and name the name, how many, and then instant and id of each. One that is there stays as
 * it is. What is older than events are kept goes, some at a time; a key goes as a whole when its last event does, and so do
 * the names, which are noted beside.
 */
export const recordScript: Script = script(String.raw`${prelude}
local keep = N()
while ai < #ARGV do
  local events, names, own, name = {}, K(), K(), A()
  for i = 1, N() * 2 do events[i] = A() end
  call('ZADD', own, 'NX', unpack(events))
  local old = call('ZCOUNT', own, '-inf', '(' .. I(now - keep))
  if old > 0 then call('ZREMRANGEBYRANK', own, 0, math.min(old, 500) - 1) end
  local last = call('ZRANGE', own, -1, -1, 'WITHSCORES')[2]
  if last then
    local ends = math.max(now, tonumber(last)) + keep
    call('PEXPIREAT', own, I(ends))
    call('ZADD', names, 'GT', I(ends), name)
  end
  call('ZREMRANGEBYSCORE', names, '-inf', '(' .. I(now))
end
return 1
`)

/** How many events there are at each key, from an instant on. */
export const countEventsScript: Script = script(String.raw`
local out = {}
for i, key in ipairs(KEYS) do out[i] = redis.call('ZCOUNT', key, ARGV[1], '+inf') end
return out
`)
