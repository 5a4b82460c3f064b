import { deadLeaseLimit } from '@reachkit/core/spec'
import { script } from '../client/script.js'
import type { Script } from '../client/script.js'
import { evenIfFull, parcelFunctions, prelude } from './common.js'

/** Takes leases and reads what is needed to work under them. Bodies that the caller has are not sent again. */
export const claimScript: Script = script(
  prelude +
    evenIfFull +
    String.raw`
local zk = K()
local lease = N()
evenIfFull(zk)
-- Leases that ran out since one last began a slice, oldest first.
local function deadLeases(known, token, slices)
  local dead = known and cjson.decode(known) or {}
  if tonumber(slices) > 0 then dead = {} end
  if #dead < ${deadLeaseLimit} then dead[#dead + 1] = {token, tonumber(slices)} end
  return cjson.encode(dead)
end
local function claim()
  local ek, bk, mk, nk = K(), K(), K(), K()
  local token, parcel, wantsBody = A(), A(), A()
  local e = call('HMGET', ek, 'c', 'd', 'k', 'u', 's', 'o', 'p', 'f')
  if not e[1] then return {'gone'} end
  if e[3] and tonumber(e[4]) > now then return {'leased'} end
  if tonumber(e[2]) > now then return {'not-due', e[2]} end
  local takeovers = tonumber(e[6] or '0')
  local dead = e[8]
  local blobs = {}
  if e[3] then
    takeovers = takeovers + 1
    dead = deadLeases(dead, e[3], e[5])
  end
  -- Whoever took over may have given it back: what was being sent before is told to the next one, too.
  if dead then
    local all = call('HGETALL', ek)
    for i = 1, #all, 2 do
      if string.sub(all[i], 1, 1) == 'b' then blobs[#blobs + 1] = all[i + 1] end
    end
  end
  call('HSET', ek, 'k', token, 'u', I(now + lease), 's', '0')
  if e[3] then call('HSET', ek, 'o', I(takeovers), 'f', dead) end
  if e[7] then call('HDEL', ek, 'p') end
  local answer = {'claimed', e[1], takeovers, dead, blobs}
  if string.sub(e[1], 1, 1) == 'm' and string.match(e[1], '^m(%S+) ') == parcel then
    answer[6] = call('GET', mk)
    answer[7] = call('HGETALL', nk)
    answer[8] = wantsBody == '1' and call('GET', bk)
  end
  return answer
end
local answers = {I(now)}
for _ = 1, N() do answers[#answers + 1] = element(claim) end
return answers
`,
)

/** Reads parcels as they stand: marks, notes and, where wanted, the body. */
export const readScript: Script = script(String.raw`
local answers = {}
for i = 1, #KEYS, 3 do
  local wanted = ARGV[(i + 2) / 3]
  answers[#answers + 1] = {
    redis.call('GET', KEYS[i]), redis.call('HGETALL', KEYS[i + 1]), wanted == '1' and redis.call('GET', KEYS[i + 2]),
  }
end
return answers
`)

const settleFunction = String.raw`
local function settle()
  local ek, qk, mk, nk, hk = K(), K(), K(), K(), K()
  local id, token, finish, parcel, tenant = A(), A(), A(), A(), A()
  local e = call('HMGET', ek, 'k', 'c')
  local current = e[1] == token
  local p = load(mk)
  local left, leftSet, taken, closed = {}, {}, 0, 0
  local takenSet = {}
  for _ = 1, N() do
    local runs, letter, kind, due, opaque = runsOf(A()), A(), A(), N(), A()
    for _, r in ipairs(runs) do
      local a, b, step = r[1], r[2], r[3]
      local size = b - a + 1
      local seg = p and b < p.size and sub(p.s, H + a + 1, H + b + 1)
      if seg and kind == 'd' and opaque == '' and step == 0 and (seg == rep('s', size) or (current and seg == rep('w', size))) then
        put(p, a, rep(letter, size))
        taken = taken + size
        closed = closed + size
        takenSet[#takenSet + 1] = {a, b}
      else
        for pos = a, b do
          local l, st, d, x, noted = '-', 0, 0, 0, false
          if p then l, st, d, x, noted = look(p, nk, pos) end
          if isDone(l) or st ~= step or (not current and l == 'w') then
            left[#left + 1] = I(pos)
            leftSet[pos] = true
          else
            taken = taken + 1
            takenSet[#takenSet + 1] = {pos, pos}
            if kind == 'd' then
              closed = closed + 1
              if noted or opaque ~= '' then
                writeNote(nk, pos, st, d, x, opaque)
                put(p, pos, string.upper(letter))
              else put(p, pos, letter) end
            else
              writeNote(nk, pos, kind == 'w' and st + 1 or st, due, x, opaque)
              put(p, pos, string.upper(letter))
            end
          end
        end
      end
    end
  end
  if closed > 0 then
    setOpen(p, p.open - closed)
    if p.open == 0 then call('ZADD', xk, I(now), parcel) end
  end
  local leftText = table.concat(left, ',')
  local function isTaken(pos)
    if leftSet[pos] then
      for _, r in ipairs(takenSet) do if pos >= r[1] and pos <= r[2] then return true end end
      return false
    end
    for _, r in ipairs(takenSet) do if pos >= r[1] and pos <= r[2] then return true end end
    return false
  end
  local again = {}
  for i = 1, N() do
    local ek2, qk2, id2, lane, weight, due, start, runs = K(), K(), A(), A(), A(), N(), A(), A()
    if p then
      if #left > 0 then runs = filter(runs, isTaken) end
      if runs ~= '' then
        addEntry(ek2, qk2, zk, id2, lane, tenant, weight, due, start .. runs, push)
        call('SADD', qsk, lane .. ':' .. tenant)
      end
      again[i] = runs
    else again[i] = '' end
  end
  local events, providers = A(), A()
  if taken > 0 and events ~= '' then
    call('RPUSH', hk, I(now) .. '|' .. leftText .. '|' .. events)
    if providers ~= '' then call('RPUSH', hqk, 'p' .. parcel .. '|' .. I(now) .. '|' .. leftText .. '|' .. providers) end
  end
  if finish == '1' and current then
    local sending = false
    local own = string.match(e[2], '^m(%S+) ')
    if p and own == parcel then
      for _, r in ipairs(runsOf(string.match(e[2], ' (.*)$'))) do
        if string.find(sub(p.s, H + r[1] + 1, H + r[2] + 1), '[sS]') then sending = true end
      end
    end
    if sending then
      call('HSET', ek, 'u', I(now))
      call('ZADD', zk, I(now), id)
    else dropEntry(ek, qk, zk, id) end
  end
  return {leftText, again}
end
`

const shared = String.raw`
local zk, xk, qsk, hqk = K(), K(), K(), K()
local push = N()
evenIfFull(zk)
`

export const settleScript: Script = script(
  prelude +
    evenIfFull +
    parcelFunctions +
    shared +
    settleFunction +
    String.raw`
local answers = {I(now)}
for _ = 1, N() do answers[#answers + 1] = element(settle) end
return answers
`,
)

/**
 * Settles the slice before, and begins the next one. What was begun is kept at the entry as long as that lives, with
 * what was about to be attempted: a takeover asks for it.
 */
export const beginScript: Script = script(
  prelude +
    evenIfFull +
    parcelFunctions +
    shared +
    settleFunction +
    String.raw`
local function begin()
  local settled = false
  if N() == 1 then settled = element(settle) end
  local ek, mk, nk = K(), K(), K()
  local id, token, lease, slice, runs, attempting, mine = A(), A(), N(), A(), A(), A(), A()
  local e = call('HMGET', ek, 'k', 'u')
  if e[1] ~= token then return {0, settled, ''} end
  -- A sweep looks again when the lease as it knew it runs out: one that is made shorter is told.
  if tonumber(e[2]) > now + lease then call('ZADD', zk, I(now + lease), id) end
  call('HSET', ek, 'u', I(now + lease), 's', I(tonumber(slice) + 1))
  local p = load(mk)
  local left, begun = {}, 0
  -- A client may send a call again whose answer was lost, and so may its caller: what it began is answered once more.
  local field = 'b' .. slice
  local kept = call('HGET', ek, field)
  while kept do
    local seen, skipped = string.match(kept, '^%d+|([^|]*)|([^|]*)|')
    if seen == mine then
      local skip = ',' .. skipped .. ','
      for _, r in ipairs(runsOf(runs)) do
        for pos = r[1], r[2] do
          local l = p and look(p, nk, pos)
          if l ~= 's' or string.find(skip, ',' .. I(pos) .. ',', 1, true) then left[#left + 1] = I(pos) end
        end
      end
      return {1, settled, table.concat(left, ',')}
    end
    field = field .. '+'
    kept = call('HGET', ek, field)
  end
  for _, r in ipairs(runsOf(runs)) do
    local a, b, step = r[1], r[2], r[3]
    local size = b - a + 1
    if p and step == 0 and p.due <= now and (p.exp == 0 or p.exp > now) and b < p.size
      and sub(p.s, H + a + 1, H + b + 1) == rep('w', size) then
      put(p, a, rep('s', size))
      begun = begun + size
    else
      for pos = a, b do
        local l, st, due, exp, noted = '-', 0, 0, 0, false
        if p then l, st, due, exp, noted = look(p, nk, pos) end
        if l == 'w' and st == step and due <= now and (exp == 0 or exp > now) then
          put(p, pos, noted and 'S' or 's')
          begun = begun + 1
        else left[#left + 1] = I(pos) end
      end
    end
  end
  local leftText = table.concat(left, ',')
  if begun > 0 then
    call('HSET', ek, field, slice .. '|' .. mine .. '|' .. leftText .. '|' .. runs .. '|' .. attempting)
  end
  return {1, settled, leftText}
end
local answers = {I(now)}
for _ = 1, N() do answers[#answers + 1] = element(begin) end
return answers
`,
)

/** Lengthens leases, or gives them back. */
export const renewScript: Script = script(String.raw`
local t = redis.call('TIME')
local now = t[1] * 1000 + math.floor(t[2] / 1000)
redis.call('ZREM', KEYS[1], '')
local held = {}
local till = string.format('%.0f', now + tonumber(ARGV[1]))
for i = 2, #KEYS do
  local e = redis.call('HMGET', KEYS[i], 'k', 'u')
  local is = e[1] == ARGV[i * 2 - 2]
  if is then
    if tonumber(e[2]) > tonumber(till) then redis.call('ZADD', KEYS[1], till, ARGV[i * 2 - 1]) end
    redis.call('HSET', KEYS[i], 'u', till)
  end
  held[i - 1] = is and 1 or 0
end
return held
`)

export const yieldScript: Script = script(
  prelude +
    evenIfFull +
    String.raw`
local zk = K()
local push, due = N(), N()
evenIfFull(zk)
for _ = 1, N() do
  local ek, qk, id, token = K(), K(), A(), A()
  local e = call('HMGET', ek, 'k', 's')
  if e[1] == token then
    if tonumber(e[2]) > 0 then call('HDEL', ek, 'f') end
    call('HDEL', ek, 'k', 'u', 's', 'p')
    if due >= 0 then
      call('HSET', ek, 'd', I(due))
      call('ZADD', qk, I(due), id)
    end
    call('ZADD', zk, I(math.max(now, tonumber(call('HGET', ek, 'd'))) + push), id)
  end
end
return 1
`,
)
