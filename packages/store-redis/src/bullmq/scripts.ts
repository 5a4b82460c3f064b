import { script } from '../client/script.js'
import type { Script } from '../client/script.js'
import type { RecordedCall } from './recorded-call.js'

/*
 * What waits of each share of a lane, beside BullMQ's own keys. KEYS[1] is `{prefix}:pool:<lane>`, and below it:
 *   :share:<tenant>   ids that were given to BullMQ and not claimed, by when they are due (zset)
 *   :order:<tenant>, :next:<tenant>   the ids and envelopes that come next, a bounded number (list, hash)
 *   :more             tenants of whom the ledger has more, with a number that changes each time (hash)
 *   :refill:<tenant>  somebody reads the ledger for that share
 * ARGV begins with the store's time and BullMQ's prefix of jobs.
 *
 * BullMQ's own scripts run inside: what would be calls one after the other is one.
 */
const common = String.raw`
local base, now, jobs = KEYS[1], tonumber(ARGV[1]), ARGV[2]
local call = redis.call
local ki, ai = 1, 2
local function K(n)
  local out = {}
  for i = 1, n do out[i] = KEYS[ki + i] end
  ki = ki + n
  return out
end
local function A() ai = ai + 1 return ARGV[ai] end
local function N() ai = ai + 1 return tonumber(ARGV[ai]) end
local function list(n)
  local out = {}
  for i = 1, n do out[i] = ARGV[ai + i] end
  ai = ai + n
  return out
end
local function waits(key, most)
  local count = call('ZCOUNT', key, '-inf', now)
  if count < most then return count end
  -- Full: what a process took or never added, and died before it said so, gives its place back.
  for _, id in ipairs(call('ZRANGEBYSCORE', key, '-inf', now - 10000)) do
    if call('EXISTS', jobs .. id) == 0 then count = count - call('ZREM', key, id) end
  end
  return count
end
-- What BullMQ takes as a job, and the data of that, as they are kept of one that comes next.
local function kept(job, data) return struct.pack('>I4', #job) .. job .. data end
`

function borrowed(name: string, { lua }: RecordedCall): string {
  return `local function ${name}(KEYS, ARGV)\n${lua}\nend\n`
}

/** What BullMQ's own scripts are called with, but for what differs from job to job. */
export interface BullmqCalls {
  /** Adds a job that is due, and one that is due later. */
  readonly add: RecordedCall
  readonly addLater: RecordedCall
  readonly claim: RecordedCall
  readonly finish: RecordedCall
}

export interface LaneScripts {
  readonly push: Script
  readonly turn: Script
}

export function laneScripts({ add, addLater, claim, finish }: BullmqCalls): LaneScripts {
  return {
    push: script(common + borrowed('add', add) + borrowed('addLater', addLater) + pushBody),
    turn: script(
      common + borrowed('add', add) + borrowed('claim', claim) + borrowed('finish', finish) + drawFunction + turnBody,
    ),
  }
}

/** Adds what there are places for. For each envelope: 1 added, 2 it waits or is leased already, 0 it stays here or in the ledger, 3 the same and it is due later. */
const pushBody = String.raw`
local addKeys, laterKeys = K(N()), K(N())
local most, answers = N(), {}
for _ = 1, N() do
  local tenant, places, count = A(), N(), N()
  local share, order, nexts = base .. ':share:' .. tenant, base .. ':order:' .. tenant, base .. ':next:' .. tenant
  local waiting = waits(share, places)
  local delayed = call('ZCOUNT', share, '(' .. now, '+inf')
  local more = call('HEXISTS', base .. ':more', tenant) == 1
  local listed = call('LLEN', order)
  -- Behind those that came before; but where nothing waits, nobody would come for them.
  local behind = waiting > 0 and (more or listed > 0)
  local left = false
  for _ = 1, count do
    local id, due, job, data, opts = A(), N(), A(), A(), A()
    local answer = '0'
    if call('EXISTS', jobs .. id) == 1 or call('HEXISTS', nexts, id) == 1 then
      answer = '2'
    elseif due > now then
      answer = '3'
      if delayed < places then
        delayed = delayed + call('ZADD', share, due, id)
        addLater(laterKeys, {job, data, opts})
        answer = '1'
      end
    elseif waiting < places and not behind then
      waiting = waiting + call('ZADD', share, now, id)
      add(addKeys, {job, data, opts})
      answer = '1'
    elseif not more and listed < most then
      listed = call('RPUSH', order, id)
      call('HSET', nexts, id, kept(job, data))
    else
      left = true
    end
    answers[#answers + 1] = answer
  end
  call('EXPIRE', share, 86400)
  if listed > 0 then
    call('EXPIRE', order, 86400)
    call('EXPIRE', nexts, 86400)
  end
  if left then call('HINCRBY', base .. ':more', tenant, 1) end
end
return table.concat(answers)
`

/** Gives BullMQ what comes next of a share. Answers how many, and whether the ledger is to be read. */
const drawFunction = String.raw`
local function draw(tenant, places, addKeys, opts)
  local share, order, nexts = base .. ':share:' .. tenant, base .. ':order:' .. tenant, base .. ':next:' .. tenant
  local more = call('HGET', base .. ':more', tenant)
  if not more and call('EXISTS', order) == 0 then return 0 end
  local room = places - waits(share, places)
  local drawn = 0
  while room > 0 do
    local id = call('LPOP', order)
    if not id then break end
    local next = call('HGET', nexts, id)
    call('HDEL', nexts, id)
    if next and call('EXISTS', jobs .. id) == 0 then
      local size = struct.unpack('>I4', next)
      call('ZADD', share, now, id)
      add(addKeys, {string.sub(next, 5, 4 + size), string.sub(next, 5 + size), opts})
      drawn = drawn + 1
      room = room - 1
    end
  end
  if room > 0 and more and call('SET', base .. ':refill:' .. tenant, '1', 'NX', 'PX', 5000) then return drawn, more end
  return drawn
end
`

/**
 * Ends jobs, claims others, and gives BullMQ the next of the same shares in their place. Answers what was claimed (id
 * and data in turn), when the next delayed one is due, whether nothing was left, and shares that are to be read from the
 * ledger (tenant and number in turn). Where nothing waits, no marker is left to wake anybody up for nothing.
 */
const turnBody = String.raw`
local addKeys, claimKeys, finishKeys = K(N()), K(N()), K(N())
local claimArgs, finishArgs = list(N()), list(N())
local keyAt, idAt, opts, perShare, max = N(), N(), A(), N(), N()
claimArgs[2] = ARGV[1]
finishArgs[2] = ARGV[1]
for _ = 1, N() do
  local id = A()
  finishKeys[keyAt], finishArgs[idAt] = jobs .. id, id
  finish(finishKeys, finishArgs)
end
local tenants, places = {}, {}
local function share(tenant, weight)
  if places[tenant] then return end
  tenants[#tenants + 1] = tenant
  places[tenant] = math.min(perShare * 16, math.max(1, math.ceil(perShare * weight)))
end
for _ = 1, N() do share(A(), N()) end
local out, refills, later, empty, again = {}, {}, '0', 0, true
while again do
  again = false
  while #out < max * 2 do
    local found = claim(claimKeys, claimArgs)
    local id, fields = found[2], found[1]
    if type(id) ~= 'string' then
      later = string.format('%.0f', math.ceil(tonumber(found[4]) or 0))
      empty = 1
      break
    end
    empty = 0
    local data, tenant
    for i = 1, #fields, 2 do
      if fields[i] == 'data' then data = fields[i + 1]
      elseif fields[i] == 'name' then tenant = string.match(fields[i + 1], '^envelope:(.*)$') end
    end
    out[#out + 1], out[#out + 2] = id, data or ''
    if tenant then
      share(tenant, tonumber(string.match(data or '', '"weight":([%d.eE+-]+)')) or 1)
      call('ZREM', base .. ':share:' .. tenant, id)
    end
  end
  for _, tenant in ipairs(tenants) do
    local drawn, refill = draw(tenant, places[tenant], addKeys, opts)
    if drawn > 0 then again, empty = #out < max * 2, 0 end
    if refill then refills[#refills + 1], refills[#refills + 2] = tenant, refill end
  end
end
if empty == 1 and call('LLEN', jobs .. 'wait') == 0 and call('ZCARD', jobs .. 'prioritized') == 0 then
  call('ZREM', jobs .. 'marker', '0')
else empty = 0 end
return {out, later, empty, refills}
`

/** What was read of the ledger: comes next. Where there was nothing more, and nobody left something since, that is noted. */
export const refillScript: Script = script(
  common +
    String.raw`
local tenant, seen, nothing = A(), A(), A()
local order, nexts = base .. ':order:' .. tenant, base .. ':next:' .. tenant
for _ = 1, N() do
  local id, job, data = A(), A(), A()
  if call('EXISTS', jobs .. id) == 0 and call('HSETNX', nexts, id, kept(job, data)) == 1 then call('RPUSH', order, id) end
end
call('EXPIRE', order, 86400)
call('EXPIRE', nexts, 86400)
if nothing == '1' and call('HGET', base .. ':more', tenant) == seen then call('HDEL', base .. ':more', tenant) end
call('DEL', base .. ':refill:' .. tenant)
return 0
`,
)
