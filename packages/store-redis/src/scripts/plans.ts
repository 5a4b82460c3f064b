import { script } from '../client/script.js'
import type { Script } from '../client/script.js'
import { parcelFunctions, prelude } from './common.js'

/** Writes a task and the entry of its next firing. The caller names the entry that goes by the firing that it read. */
export const saveTaskScript: Script = script(
  prelude +
    parcelFunctions +
    String.raw`
local tk, tsk, zk, qsk, oldE, oldQ, newE, newQ = K(), K(), K(), K(), K(), K(), K(), K()
local push, expected, seenNext, oldId = N(), A(), A(), A()
local id, tenant, revision, text, next, newId, cargo = A(), A(), A(), A(), A(), A(), A()
local t = call('HMGET', tk, 'r', 'n')
if (t[1] or '0') ~= expected then return 'conflict' end
if (t[2] or '') ~= seenNext then return 'again' end
call('HSET', tk, 'r', revision, 'x', text, 't', tenant, 'n', next, 'l', 'P2')
call('ZADD', tsk, '0', id)
if oldId ~= '' then dropEntry(oldE, oldQ, zk, oldId) end
if next ~= '' then
  addEntry(newE, newQ, zk, newId, 'P2', tenant, '1', tonumber(next), cargo, push)
  call('SADD', qsk, 'P2:' .. tenant)
end
return 'saved'
`,
)

/** One firing: each run under its key, its entry, and the entry of the next firing, where this one still is the task's. */
export const beginRunScript: Script = script(
  prelude +
    parcelFunctions +
    String.raw`
local tk, fk, frk, zk, qsk, queue, nextE = K(), K(), K(), K(), K(), K(), K()
local push, revision, instant, next, nextId, cargo, lane, task, tenant = N(), A(), A(), A(), A(), A(), A(), A(), A()
local stands = call('HMGET', tk, 'r', 'n')
if stands[1] ~= revision then return {'stale'} end
local begun = {}
for _ = 1, N() do
  local rk, ek, id, key, due, part = K(), K(), A(), A(), N(), A()
  if call('HSETNX', fk, key, id) == 1 then
    call('HSET', rk, 't', task, 'k', key, 'p', part, 'i', instant, 'v', revision, 'c', '', 'o', '0')
    call('ZADD', frk, instant, id)
    addEntry(ek, queue, zk, id, lane, tenant, '1', due, 'r' .. id, push)
    begun[#begun + 1] = id
  end
end
local moves = stands[2] == instant
if moves then
  call('HSET', tk, 'n', next, 'l', lane)
  if next ~= '' then addEntry(nextE, queue, zk, nextId, lane, tenant, '1', tonumber(next), cargo, push) end
end
if #begun > 0 or moves then call('SADD', qsk, lane .. ':' .. tenant) end
return {#begun > 0 and 'begun' or 'exists', begun, moves and 1 or 0}
`,
)

export const readMarksScript: Script = script(String.raw`
local out = {}
for i = 1, #KEYS do out[i] = redis.call('GET', KEYS[i]) end
return out
`)

export const readHashesScript: Script = script(String.raw`
local out = {}
for i = 1, #KEYS do out[i] = redis.call('HMGET', KEYS[i], unpack(ARGV)) end
return out
`)
