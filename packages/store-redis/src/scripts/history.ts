import { placeBytes } from '../history/fingerprint.js'
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

/** The first lines of the queue, how many were taken before them, and whether there are more. */
export const readFeedScript: Script = script(String.raw`
local lines = redis.call('LRANGE', KEYS[1], 0, ARGV[1])
local out, size = {}, 0
for i, line in ipairs(lines) do
  if i > tonumber(ARGV[1]) or (i > 1 and size + #line > tonumber(ARGV[2])) then break end
  out[i] = line
  size = size + #line
end
return {redis.call('GET', KEYS[2]) or '0', out, #out < #lines and 1 or 0}
`)

/**
 * Takes lines off the queue and notes what they tell, unless somebody took some meanwhile. For each period: its parcels
 * by number, and what is added to parts of the indexes, all of which expires with the period. Where a fingerprint is to be
 * there once (its size is given), one of the last few takes the new place: so that an id which a provider gives again and
 * again makes an index no longer.
 */
export const feedScript: Script = script(String.raw`
local call, sub = redis.call, string.sub
local place, last = ${placeBytes}, 64
local function notThere(key, print, more)
  local size = print + place
  local from = math.max(0, call('STRLEN', key) - last * size)
  local tail, out = call('GETRANGE', key, from, -1), {}
  for at = 1, #more, size do
    local found = 0
    repeat found = string.find(tail, sub(more, at, at + print - 1), found + 1, true)
    until not found or (found - 1) % size == 0
    if found then call('SETRANGE', key, from + found - 1 + print, sub(more, at + print, at + size - 1))
    else out[#out + 1] = sub(more, at, at + size - 1) end
  end
  return table.concat(out)
end
if (call('GET', KEYS[2]) or '0') ~= ARGV[1] then return 0 end
call('LTRIM', KEYS[1], ARGV[2], -1)
call('INCRBY', KEYS[2], ARGV[2])
local k, a = 2, 2
while a < #ARGV do
  local at, parcels, keys = ARGV[a + 1], tonumber(ARGV[a + 2]), tonumber(ARGV[a + 3])
  a = a + 3
  call('PEXPIREAT', KEYS[2], at)
  k = k + 1
  call('HSET', KEYS[k], unpack(ARGV, a + 1, a + parcels * 2))
  call('PEXPIREAT', KEYS[k], at)
  a = a + parcels * 2
  for i = 1, keys do
    local print, more = tonumber(ARGV[a + i * 2 - 1]), ARGV[a + i * 2]
    if print > 0 then more = notThere(KEYS[k + i], print, more) end
    if more ~= '' and call('APPEND', KEYS[k + i], more) == #more then call('PEXPIREAT', KEYS[k + i], at) end
  end
  k, a = k + keys, a + keys * 2
end
return 1
`)

/** What stands behind a fingerprint in several parts of an index: of all places, or of the last one that there is. */
export const searchScript: Script = script(String.raw`
local find, sub = string.find, string.sub
local size, first = tonumber(ARGV[1]), ARGV[2] == '1'
local out = {}
for i, key in ipairs(KEYS) do
  local print, after = ARGV[i * 2 + 1], ARGV[i * 2 + 2]
  local all = redis.call('GET', key) or ''
  local rests, at = {}, 1
  while true do
    local found = find(all, print, at, true)
    if not found then break end
    if (found - 1) % size == 0 then
      local rest = sub(all, found + #print, found + size - 1)
      if sub(rest, 1, #after) == after then rests[#rests + 1] = sub(rest, #after + 1) end
      at = found + size
    else at = found + 1 end
  end
  out[i] = first and (rests[#rests] or '') or table.concat(rests)
end
return out
`)

/**
 * What stands behind any of several fingerprints in parts of an index: as many parts as can be searched without keeping
 * others waiting, the first one in any case.
 */
export const searchPartsScript: Script = script(String.raw`
local find, sub = string.find, string.sub
local size, a, work, answers = tonumber(ARGV[1]), 1, 0, {}
local function search(all, print, out)
  local found = find(all, print, 1, true)
  while found do
    local aside = (found - 1) % size
    if aside == 0 then out[#out + 1] = sub(all, found + #print, found + size - 1) end
    found = find(all, print, aside == 0 and found + size or found + 1, true)
  end
end
for i, key in ipairs(KEYS) do
  local prints = tonumber(ARGV[a + 1])
  work = work + redis.call('STRLEN', key) * (prints + 1)
  if i > 1 and work > 2000000 then break end
  local all, out = redis.call('GET', key) or '', {}
  for at = a + 2, a + 1 + prints do search(all, ARGV[at], out) end
  a = a + 1 + prints
  answers[i] = table.concat(out)
end
return answers
`)

/** The newest parcels of a range, from a place on; and the oldest ones are let go. */
export const timesScript: Script = script(String.raw`
return redis.call('ZREVRANGEBYSCORE', KEYS[1], ARGV[1], ARGV[2], 'LIMIT', ARGV[3], ARGV[4])
`)
