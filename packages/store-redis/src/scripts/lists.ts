import { script } from '../client/script.js'
import type { Script } from '../client/script.js'

/** Writes a chunk with its ids, unless it is there: the chunk, its number, how many items it has, and their ids. */
export const appendScript: Script = script(String.raw`
local call = redis.call
if not call('SET', KEYS[1], ARGV[1], 'NX') then return 0 end
for at = 4, #ARGV, 1000 do call('SADD', KEYS[2], unpack(ARGV, at, math.min(at + 999, #ARGV))) end
call('HINCRBY', KEYS[3], 'items', ARGV[3])
local chunks = tonumber(call('HGET', KEYS[3], 'chunks') or 0)
if tonumber(ARGV[2]) >= chunks then call('HSET', KEYS[3], 'chunks', ARGV[2] + 1) end
return 1
`)
