import { script } from '../client/script.js'
import type { Script } from '../client/script.js'

/** How a recipient is kept is told at `encodeProfile`: the id, the names that it is found by, and the rest. */
const people: string = String.raw`
local call, find, sub = redis.call, string.find, string.sub
local function personOf(id)
  return call('ZRANGEBYLEX', KEYS[1], '[' .. id .. '\0', '(' .. id .. '\1', 'LIMIT', 0, 1)[1]
end
local function namesOf(member, id)
  local names, at = {}, #id + 2
  while true do
    local stop = find(member, '\0', at, true)
    if stop == at then return names end
    names[sub(member, at, stop - 1)] = true
    at = stop + 1
  end
end
local function all(command, key, list)
  for at = 1, #list, 1000 do call(command, key, unpack(list, at, math.min(at + 999, #list))) end
end
-- Answers which names are to be found by and are not yet; takes away those that are no more.
local function move(id, was, is)
  local gone, come = {}, {}
  for name in pairs(was) do if not is[name] then gone[#gone + 1] = name .. '\0' .. id end end
  for name in pairs(is) do
    if not was[name] then come[#come + 1] = 0 come[#come + 1] = name .. '\0' .. id end
  end
  all('ZREM', KEYS[2], gone)
  all('ZADD', KEYS[2], come)
end
`

/** Puts recipients, given as id and member, in the place of what is known of them. */
export const upsertScript: Script = script(String.raw`${people}
for at = 1, #ARGV, 2 do
  local id, member = ARGV[at], ARGV[at + 1]
  local old = personOf(id)
  if old ~= member then
    call('ZADD', KEYS[1], 0, member)
    if old then call('ZREM', KEYS[1], old) end
    move(id, old and namesOf(old, id) or {}, namesOf(member, id))
  end
end
return 1
`)

/** Answers how many of them there were. */
export const removeScript: Script = script(String.raw`${people}
local count = 0
for _, id in ipairs(ARGV) do
  local old = personOf(id)
  if old then
    call('ZREM', KEYS[1], old)
    move(id, namesOf(old, id), {})
    count = count + 1
  end
end
return count
`)

/** Recipients by their ids, as many as fit into one answer: the others are asked for again. */
export const findScript: Script = script(String.raw`${people}
local out, bytes = {}, 0
for at, id in ipairs(ARGV) do
  local member = personOf(id) or false
  if member and bytes + #member > 500000 and at > 1 then break end
  out[at] = member
  bytes = bytes + (member and #member or 0)
end
return out
`)

/** Recipients behind an id, at most so many, and 1 where these are the last. */
export const scanScript: Script = script(String.raw`
local out, bytes, min, step = {}, 0, '[' .. ARGV[1] .. '\1', 8
local most = tonumber(ARGV[2])
while #out < most and bytes < 500000 do
  step = math.min(step * 2, 128, most - #out)
  local some = redis.call('ZRANGEBYLEX', KEYS[1], min, '+', 'LIMIT', 0, step)
  for _, member in ipairs(some) do
    out[#out + 1] = member
    bytes = bytes + #member
  end
  if #some < step then return {out, 1} end
  min = '(' .. some[#some]
end
return {out, 0}
`)

/**
 * The ids of those who meet conditions, each of which lists names: one of them has to be had. Goes through the index by the
 * condition that the fewest meet, and answers for each name of it the ids behind the one given, and how far it looked; an
 * empty text where it came to the end.
 */
export const lookScript: Script = script(String.raw`
local call, sub = redis.call, string.sub
local after, most, a = ARGV[1], tonumber(ARGV[2]), 2
local conditions, names, fewest, driver = {}, 0, nil, nil
while a < #ARGV do
  local condition, size = {}, 0
  for i = 1, tonumber(ARGV[a + 1]) do
    local name = ARGV[a + 1 + i]
    condition[i] = name
    size = size + call('ZLEXCOUNT', KEYS[1], '(' .. name .. '\0' .. after, '(' .. name .. '\1')
  end
  a = a + 1 + #condition
  conditions[#conditions + 1] = condition
  names = names + #condition
  if not fewest or size < fewest then fewest, driver = size, condition end
end
local function meets(id)
  for _, condition in ipairs(conditions) do
    local met = condition == driver
    for _, name in ipairs(condition) do
      if met then break end
      met = call('ZSCORE', KEYS[1], name .. '\0' .. id)
    end
    if not met then return false end
  end
  return true
end
-- Of many conditions fewer are looked at, so that a call is never long.
local looked = math.max(8, math.floor(1000 / (1 + names - #driver) / #driver))
if #conditions == 1 then looked = math.min(looked, most) end
local out = {}
for _, name in ipairs(driver) do
  local found = call('ZRANGEBYLEX', KEYS[1], '(' .. name .. '\0' .. after, '(' .. name .. '\1', 'LIMIT', 0, looked)
  local ids, last = {}, ''
  if #found == looked then last = sub(found[looked], #name + 2) end
  for _, entry in ipairs(found) do
    local id = sub(entry, #name + 2)
    if meets(id) then ids[#ids + 1] = id end
    if #ids == most then
      if entry ~= found[#found] or last ~= '' then last = id end
      break
    end
  end
  out[#out + 1] = {last, ids}
end
return out
`)

/** How many there are, how many of them live in a zone, and how many have each of these names. */
export const countPeopleScript: Script = script(String.raw`
local out = {redis.call('ZCARD', KEYS[1]), redis.call('ZLEXCOUNT', KEYS[2], '[z', '({')}
for i, name in ipairs(ARGV) do out[i + 2] = redis.call('ZLEXCOUNT', KEYS[2], '[' .. name .. '\0', '(' .. name .. '\1') end
return out
`)

/** The zones behind one, some at a time: from each to the next. */
export const zonesScript: Script = script(String.raw`
local out, min = {}, ARGV[1] == '' and '[z' or '[' .. ARGV[1] .. '\1'
for i = 1, 200 do
  local entry = redis.call('ZRANGEBYLEX', KEYS[1], min, '({', 'LIMIT', 0, 1)[1]
  if not entry then break end
  out[i] = string.sub(entry, 1, string.find(entry, '\0', 1, true) - 1)
  min = '[' .. out[i] .. '\1'
end
return out
`)
