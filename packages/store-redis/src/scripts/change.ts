import { script } from '../client/script.js'
import type { Script } from '../client/script.js'
import { evenIfFull, parcelFunctions, prelude } from './common.js'

/**
 * Moves single messages, compare-and-set on state, step (-1: any) and the note that the caller read: that names the
 * entry which the message leaves. Where the note is another one by now, the caller reads again.
 */
export const changeScript: Script = script(
  prelude +
    evenIfFull +
    parcelFunctions +
    String.raw`
local zk, xk, qsk = K(), K(), K()
local push = N()
evenIfFull(zk)
local function change()
  local mk, nk, hk, oldE, oldQ = K(), K(), K(), K(), K()
  local parcel, pos, step, from, seen, oldId = A(), N(), N(), A(), A(), A()
  local letter, kind, due, opaque, expires = A(), A(), N(), A(), N()
  local p = load(mk)
  if not p then return {'absent', ''} end
  local l, st, d, x, noted = look(p, nk, pos)
  if l == '-' then return {'absent', ''} end
  if (step >= 0 and st ~= step) or not string.find(from, l, 1, true) then return {'conflict', l} end
  if (noted and call('HGET', nk, I(pos)) or '') ~= seen then return {'again', l} end
  if expires >= 0 then x = expires end
  if kind == 'w' then st = st + 1 end
  if kind ~= 'd' then d = due end
  writeNote(nk, pos, st, d, x, opaque)
  put(p, pos, string.upper(letter))
  local wasDone, nowDone = isDone(l), kind == 'd'
  if wasDone ~= nowDone then
    if p.open == 0 then call('ZREM', xk, parcel) end
    setOpen(p, p.open + (nowDone and -1 or 1))
    if p.open == 0 then call('ZADD', xk, I(now), parcel) end
  end
  if N() == 1 then call('HSET', nk, I(pos) .. 'd', A()) end
  local events = A()
  if events ~= '' then call('RPUSH', hk, I(now) .. '||' .. events) end
  if oldId ~= '' then
    local e = call('HMGET', oldE, 'c', 'k', 'f')
    if e[1] and not e[2] and not e[3] then
      local kept = filter(string.match(e[1], ' (.*)$') or '', function(other) return other ~= pos end)
      if kept == '' then dropEntry(oldE, oldQ, zk, oldId)
      else call('HSET', oldE, 'c', string.match(e[1], '^%S+ ') .. kept) end
    end
  end
  if N() == 1 then
    local ek, qk, id, lane, weight = K(), K(), A(), A(), A()
    local tenant = sub(p.s, H + p.size + 1)
    local cargo = 'm' .. parcel .. ' ' .. I(pos) .. '-' .. I(pos) .. ':' .. I(st)
    addEntry(ek, qk, zk, id, lane, tenant, weight, due, cargo, push)
    call('SADD', qsk, lane .. ':' .. tenant)
  end
  return {'changed', I(st)}
end
local answers = {I(now)}
for _ = 1, N() do answers[#answers + 1] = element(change) end
return answers
`,
)

/** Adds events of single messages, whatever their state. */
export const noteScript: Script = script(
  prelude +
    evenIfFull +
    parcelFunctions +
    String.raw`
local zk, hqk = K(), K()
evenIfFull(zk)
for _ = 1, N() do
  local mk, hk = K(), K()
  local parcel, pos, events, providers = A(), N(), A(), A()
  local p = load(mk)
  if p and look(p, '', pos) ~= nil and pos < p.size and sub(p.s, H + pos + 1, H + pos + 1) ~= '-' then
    call('RPUSH', hk, I(now) .. '||' .. events)
    if providers ~= '' then call('RPUSH', hqk, 'p' .. parcel .. '|' .. I(now) .. '||' .. providers) end
  end
end
return 1
`.replace("look(p, '', pos) ~= nil and ", ''),
)
