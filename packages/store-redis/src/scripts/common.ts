/** What most scripts begin with: the server's clock, and reading keys and arguments one after the other. */
export const prelude: string = String.raw`
local call = redis.call
local T = call('TIME')
local now = T[1] * 1000 + math.floor(T[2] / 1000)
local ki, ai = 0, 0
local function K() ki = ki + 1 return KEYS[ki] end
local function A() ai = ai + 1 return ARGV[ai] end
local function N() ai = ai + 1 return tonumber(ARGV[ai]) end
local function I(n) return string.format('%.0f', n) end
-- An element tells how many keys and arguments it has, so that any of it can be skipped.
local function element(work)
  local nk, na = N(), N()
  local kEnd, aEnd = ki + nk, ai + na
  local answer = work()
  ki, ai = kEnd, aEnd
  return answer
end
`

/** Work that is under way goes on where memory is full: the check is made at the first write, and this one is let pass. */
export const evenIfFull: string = String.raw`
local function evenIfFull(zset) call('ZREM', zset, '') end
`

/** Runs of positions, marks, notes and entries. H is the length of the head of the marks. */
export const parcelFunctions: string = String.raw`
local H = 22
local sub, rep = string.sub, string.rep
local function runsOf(text)
  local runs = {}
  for a, b, s in string.gmatch(text, '(%d+)%-(%d+):(%d+)') do
    runs[#runs + 1] = {tonumber(a), tonumber(b), tonumber(s)}
  end
  return runs
end
local function textOf(runs)
  local out = {}
  for i, r in ipairs(runs) do out[i] = I(r[1]) .. '-' .. I(r[2]) .. ':' .. I(r[3]) end
  return table.concat(out, ',')
end
-- The runs with those positions only that are kept.
local function filter(text, keeps)
  local out = {}
  local last
  for _, r in ipairs(runsOf(text)) do
    for p = r[1], r[2] do
      if keeps(p) then
        if last and last[2] == p - 1 and last[3] == r[3] then last[2] = p
        else last = {p, p, r[3]} out[#out + 1] = last end
      end
    end
  end
  return textOf(out)
end
local function load(mk)
  local s = call('GET', mk)
  if not s then return nil end
  local size, open, at, due, exp = struct.unpack('>I2I2I6I6I6', s)
  return {s = s, size = size, open = open, at = at, due = due, exp = exp, key = mk}
end
local function put(p, from, letters)
  p.s = sub(p.s, 1, H + from) .. letters .. sub(p.s, H + from + #letters + 1)
  call('SETRANGE', p.key, H + from, letters)
end
local function setOpen(p, open)
  p.open = open
  call('SETRANGE', p.key, 2, struct.pack('>I2', open))
end
-- State letter, step, due, ttl and whether there is a note.
local function look(p, nk, pos)
  if pos >= p.size then return '-', 0, 0, 0, false end
  local c = sub(p.s, H + pos + 1, H + pos + 1)
  local l = string.lower(c)
  if c == l then return l, 0, p.due, p.exp, false end
  local note = call('HGET', nk, I(pos))
  if not note then return '-', 0, 0, 0, false end
  local step, due, exp = struct.unpack('>I4I6I6', note)
  return l, step, due, exp, true
end
local function isDone(l) return l ~= 'w' and l ~= 's' and l ~= 'h' end
local function writeNote(nk, pos, step, due, exp, opaque)
  call('HSET', nk, I(pos), struct.pack('>I4I6I6', step, due, exp) .. opaque)
end
local function addEntry(ek, qk, zk, id, lane, tenant, weight, due, cargo, push)
  local at = due
  if at == 0 then at = now end
  call('UNLINK', ek)
  call('HSET', ek, 'l', lane, 't', tenant, 'w', weight, 'd', I(at), 'c', cargo)
  call('ZADD', qk, I(at), id)
  call('ZADD', zk, I(math.max(now, at) + push), id)
end
local function dropEntry(ek, qk, zk, id)
  call('UNLINK', ek)
  call('ZREM', qk, id)
  call('ZREM', zk, id)
end
`
