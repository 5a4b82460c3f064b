import { script } from '../client/script.js'
import type { Script } from '../client/script.js'

/** How a recipient is kept is told at `encodeProfile`: the id, the names that it is found by, and the rest. */
const people: string = String.raw`
local call, find, sub = redis.call, string.find, string.sub
local function personOf(key, id)
  return call('ZRANGEBYLEX', key, '[' .. id .. '\0', '(' .. id .. '\1', 'LIMIT', 0, 1)[1]
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
-- From the names that somebody was found by to those of now.
local function move(index, id, was, is)
  local gone, come = {}, {}
  for name in pairs(was) do if not is[name] then gone[#gone + 1] = name .. '\0' .. id end end
  for name in pairs(is) do
    if not was[name] then come[#come + 1] = 0 come[#come + 1] = name .. '\0' .. id end
  end
  all('ZREM', index, gone)
  all('ZADD', index, come)
end
`

/** Puts recipients in the place of what is known of them. Keys are people and index of parts; each has the number of its part, the id and the member. */
export const upsertScript: Script = script(String.raw`${people}
for at = 1, #ARGV, 3 do
  local part, id, member = ARGV[at] * 2, ARGV[at + 1], ARGV[at + 2]
  local key = KEYS[part - 1]
  local old = personOf(key, id)
  if old ~= member then
    call('ZADD', key, 0, member)
    if old then call('ZREM', key, old) end
    move(KEYS[part], id, old and namesOf(old, id) or {}, namesOf(member, id))
  end
end
return 1
`)

/** Answers how many of them there were. */
export const removeScript: Script = script(String.raw`${people}
local count = 0
for at = 1, #ARGV, 2 do
  local part, id = ARGV[at] * 2, ARGV[at + 1]
  local old = personOf(KEYS[part - 1], id)
  if old then
    call('ZREM', KEYS[part - 1], old)
    move(KEYS[part], id, namesOf(old, id), {})
    count = count + 1
  end
end
return count
`)

/** Recipients by their ids, as many as fit into one answer: the others are asked for again. */
export const findScript: Script = script(String.raw`${people}
local out, bytes = {}, 0
for at = 1, #ARGV, 2 do
  local member = personOf(KEYS[ARGV[at] * 2 - 1], ARGV[at + 1]) or false
  if member and bytes + #member > 500000 and at > 1 then break end
  out[#out + 1] = member
  bytes = bytes + (member and #member or 0)
end
return out
`)

/** Of each part the recipients behind an id, at most so many, and 1 where these are the last. */
export const scanScript: Script = script(String.raw`
local most, mostBytes = tonumber(ARGV[2]), 500000 / #KEYS
local function scan(key)
  local out, bytes, min, step = {}, 0, '[' .. ARGV[1] .. '\1', 8
  while #out < most and bytes < mostBytes do
    step = math.min(step * 2, 128, most - #out)
    local some = redis.call('ZRANGEBYLEX', key, min, '+', 'LIMIT', 0, step)
    for _, member in ipairs(some) do
      out[#out + 1] = member
      bytes = bytes + #member
    end
    if #some < step then return {out, 1} end
    min = '(' .. some[#some]
  end
  return {out, 0}
end
local answers = {}
for i, key in ipairs(KEYS) do answers[i] = scan(key) end
return answers
`)

/**
 * Of each part the ids of those who meet conditions, each of which lists names: one of them has to be had. Goes through the
 * index by the condition that the fewest meet, and answers for each name of it the ids behind the one given, and how far it
 * looked; an empty text where it came to the end.
 */
export const lookScript: Script = script(String.raw`
local call, sub = redis.call, string.sub
local after, most, a = ARGV[1], tonumber(ARGV[2]), 2
local conditions, names = {}, 0
while a < #ARGV do
  local condition = {}
  for i = 1, tonumber(ARGV[a + 1]) do condition[i] = ARGV[a + 1 + i] end
  a = a + 1 + #condition
  conditions[#conditions + 1] = condition
  names = names + #condition
end
local function first(name) return '(' .. name .. '\0' .. after end
local function rarest(key)
  if #conditions == 1 then return conditions[1] end
  local fewest, found
  for _, condition in ipairs(conditions) do
    local size = 0
    for _, name in ipairs(condition) do size = size + call('ZLEXCOUNT', key, first(name), '(' .. name .. '\1') end
    if not fewest or size < fewest then fewest, found = size, condition end
  end
  return found
end
local function meets(key, id, driver)
  for _, condition in ipairs(conditions) do
    local met = condition == driver
    for _, name in ipairs(condition) do
      if met then break end
      met = call('ZSCORE', key, name .. '\0' .. id)
    end
    if not met then return false end
  end
  return true
end
local function look(key, name, driver)
  -- Of many conditions fewer are looked at, so that a call is never long.
  local mostLooked = math.max(8, math.floor(1000 / (1 + names - #driver) / #driver / #KEYS))
  if #conditions == 1 then mostLooked = math.min(mostLooked, most) end
  local found = call('ZRANGEBYLEX', key, first(name), '(' .. name .. '\1', 'LIMIT', 0, mostLooked)
  local ids, last = {}, ''
  if #found == mostLooked then last = sub(found[#found], #name + 2) end
  for at, entry in ipairs(found) do
    local id = sub(entry, #name + 2)
    if meets(key, id, driver) then ids[#ids + 1] = id end
    if #ids == most then
      if at < #found then last = id end
      break
    end
  end
  return {last, ids}
end
local out = {}
for _, key in ipairs(KEYS) do
  local driver = rarest(key)
  for _, name in ipairs(driver) do out[#out + 1] = look(key, name, driver) end
end
return out
`)

/** How many there are of some parts, how many of them live in a zone, and how many have one of these names. */
export const countPeopleScript: Script = script(String.raw`
local all, zoned, named = 0, 0, 0
for i = 1, #KEYS, 2 do
  all = all + redis.call('ZCARD', KEYS[i])
  zoned = zoned + redis.call('ZLEXCOUNT', KEYS[i + 1], '[z', '({')
  for _, name in ipairs(ARGV) do
    named = named + redis.call('ZLEXCOUNT', KEYS[i + 1], '[' .. name .. '\0', '(' .. name .. '\1')
  end
end
return {all, zoned, named}
`)

/** The zones of a part behind one, at most so many: from each to the next. */
export const zonesScript: Script = script(String.raw`
local out, min = {}, ARGV[1] == '' and '[z' or '[' .. ARGV[1] .. '\1'
for i = 1, tonumber(ARGV[2]) do
  local entry = redis.call('ZRANGEBYLEX', KEYS[1], min, '({', 'LIMIT', 0, 1)[1]
  if not entry then break end
  out[i] = string.sub(entry, 1, string.find(entry, '\0', 1, true) - 1)
  min = '[' .. out[i] .. '\1'
end
return out
`)
