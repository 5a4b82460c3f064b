import { script } from '../client/script.js'
import type { Script } from '../client/script.js'
import { parcelFunctions, prelude } from './common.js'

/**
 * Accepts parcels, one step each. A digest is known by the id of its message, or in long parcels by a number (the place
 * of the parcel in the list of its generation, and the position), which is a third of the size.
 * A generation takes digests for one window, and is asked for another one. Past that, a digest counts only while its
 * parcel lives: the marks of such a parcel must be among the keys, so the caller is told which ones to add ("ask").
 */
const functions = String.raw`
local dw, zk, xk, qsk, htk, hqk = K(), K(), K(), K(), K(), K()
local byte = string.byte
local gen, hasPrev, window, push, history = A(), N(), N(), N(), N()
local curList, prevList = K(), K()
local curStart, prevStart = A(), A()
local w = call('HMGET', dw, 'g', 't', 'c', 'h', 'w', 'pt', 'pw')
if not w[1] then
  call('HSET', dw, 'g', '1', 't', I(now), 'c', '-1', 'h', '0', 'x', '1')
  w = {'1', I(now), '-1', '0'}
elseif w[1] == gen and now >= tonumber(w[2]) + window and w[3] == '-1' then
  local had = call('LLEN', curList)
  local g = I(tonumber(w[1]) + 1)
  call('HSET', dw, 'g', g, 't', I(now), 'c', had > 0 and '0' or '-1', 'h', had > 0 and '1' or '0', 'pt', w[2], 'pw', w[5] or '0', 'w', '0')
  return {'stale', g, had > 0 and '1' or '0'}
end
if w[1] ~= gen or w[4] ~= I(hasPrev) then return {'stale', w[1], w[4]} end
local function over(start, last)
  return now >= math.max(tonumber(start) + window, tonumber(last or '0')) + window
end
local curOver = over(w[2], w[5])
local prevOver = hasPrev == 1 and over(w[6], w[7])
local alive = {}
for _ = 1, N() do
  local id = A()
  local s = call('GETRANGE', K(), 2, 3)
  alive[id] = #s == 2 and struct.unpack('>I2', s) > 0 and 1 or 0
end
local function firstOf(v, list)
  if string.find(v, '.', 1, true) then return v, string.match(v, '^(.*)%.%d+$') end
  local n = tonumber(v)
  local id = call('LINDEX', list, math.floor(n / 512)) or '?'
  return id .. '.' .. I(n % 512), id
end
`

const acceptOne = String.raw`
local function accept()
  local bk, mk, nk = K(), K(), K()
  local id, tenant, size, due, exp, announced = A(), A(), N(), N(), N(), N()
  if call('EXISTS', mk) == 1 then return {'known', call('HGET', nk, 'f') or ''} end
  local run
  if N() == 1 then
    run = {key = K(), parcels = K(), of = K(), entry = K(), queues = {K(), K(), K(), K()}, id = A(), from = A(), to = A(), done = A()}
    local r = call('HMGET', run.key, 'c', 'o')
    if r[1] ~= run.from or r[2] == '1' then return {'moved'} end
  end
  local body, prints, recipients = A(), A(), A()
  local notes, entries = {}, {}
  for i = 1, N() do notes[i] = {N(), N(), N()} end
  for i = 1, N() do entries[i] = {K(), K(), A(), A(), A(), N(), A()} end
  local digests, ask = {}, {}
  local at, pos = 1, 0
  while at <= #prints do
    local length = byte(prints, at)
    if length > 0 then
      local hash = byte(prints, at + 1) * 16 + math.floor((byte(prints, at + 2) or 0) / 16)
      -- Without its first byte, which the hash tells. Then its first message, and whether it may be written over.
      local d = {pos, curStart .. hash, sub(prints, at + 2, at + length)}
      digests[#digests + 1] = d
      local v = hasPrev == 1 and call('HGET', prevStart .. hash, d[3])
      if v then
        local first, parcel = firstOf(v, prevList)
        if prevOver and alive[parcel] == nil then ask[#ask + 1] = parcel
        elseif not prevOver or alive[parcel] == 1 then d[4] = first end
      end
      v = curOver and not d[4] and call('HGET', d[2], d[3])
      if v then
        local first, parcel = firstOf(v, curList)
        if alive[parcel] == nil then ask[#ask + 1] = parcel
        elseif alive[parcel] == 0 then d[5] = true end
      end
    end
    at, pos = at + 1 + length, pos + 1
  end
  if #ask > 0 then return {'ask', ask} end
  if run then
    call('HSET', run.key, 'c', run.to, 'o', run.done)
    if run.done == '1' then
      for _, q in ipairs(run.queues) do call('ZREM', q, run.id) end
      call('ZREM', zk, run.id)
      call('UNLINK', run.entry)
      call('ZADD', xk, I(now), '/' .. run.id)
    end
  end
  local firsts, dups, place = {}, {}, nil
  if #digests > 0 then place = call('LLEN', curList) end
  local own = 0
  for _, d in ipairs(digests) do
    local pos, key, field, first = d[1], d[2], d[3], d[4]
    if not first then
      local v = #digests >= 8 and I(place * 512 + pos) or (id .. '.' .. I(pos))
      if d[5] then
        call('HSET', key, field, v)
        own = own + 1
      elseif call('HSETNX', key, field, v) == 0 then
        local there = call('HGET', key, field)
        if #digests >= 8 and not string.find(there, '.', 1, true) and math.floor(tonumber(there) / 512) == place then
          first = id .. '.' .. I(tonumber(there) % 512)
        else first = firstOf(there, curList) end
      else own = own + 1 end
    end
    if first then
      dups[pos] = true
      firsts[#firsts + 1] = I(pos) .. ' ' .. first
    end
  end
  if own > 0 then
    call('RPUSH', curList, id)
    if now > tonumber(w[2]) + window then call('HSET', dw, 'w', I(now)) end
  end
  local open = size - #firsts
  local f = table.concat(firsts, '\n')
  if open > 0 or (announced == 1 and size > 0) then
    local letters
    if #firsts == 0 and #notes == 0 then letters = rep('w', size)
    else
      local t = {}
      for p = 0, size - 1 do t[p + 1] = dups[p] and (announced == 1 and 'm' or '-') or 'w' end
      for _, n in ipairs(notes) do
        if not dups[n[1]] then t[n[1] + 1] = 'W' writeNote(nk, n[1], 0, n[2], n[3], '') end
      end
      letters = table.concat(t)
    end
    call('SET', bk, body .. prints)
    call('SET', mk, struct.pack('>I2I2I6I6I6', size, open, now, due, exp) .. letters .. tenant)
    if f ~= '' then call('HSET', nk, 'f', f) end
    if open == 0 then call('ZADD', xk, I(now), id) end
    if run then
      call('ZADD', run.parcels, '0', id)
      call('HSET', run.of, id, run.id)
    end
    if history == 1 then
      call('ZADD', htk, I(now), id)
      call('RPUSH', hqk, 'a' .. id .. '|' .. I(now) .. '|' .. recipients)
    end
  end
  for _, e in ipairs(entries) do
    local runs = e[7]
    if #firsts > 0 and sub(runs, 1, 1) == 'm' then
      local at = string.find(runs, ' ', 1, true)
      local kept = filter(sub(runs, at + 1), function(p) return not dups[p] end)
      runs = kept ~= '' and sub(runs, 1, at) .. kept or ''
    end
    if runs ~= '' then
      addEntry(e[1], e[2], zk, e[3], e[4], tenant, e[5], e[6], runs, push)
      call('SADD', qsk, e[4] .. ':' .. tenant)
    end
  end
  return {'accepted', f}
end
local answers = {I(now)}
for _ = 1, N() do answers[#answers + 1] = element(accept) end
return answers
`

export const acceptScript: Script = script(prelude + parcelFunctions + functions + acceptOne)
