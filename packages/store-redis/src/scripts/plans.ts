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
call('SADD', tsk, id)
if oldId ~= '' then dropEntry(oldE, oldQ, zk, oldId) end
if next ~= '' then
  addEntry(newE, newQ, zk, newId, 'P2', tenant, '1', tonumber(next), cargo, push)
  call('SADD', qsk, 'P2:' .. tenant)
end
return 'saved'
`,
)

/** One firing: the run under its instant, its entry, and the entry of the next firing. */
export const beginRunScript: Script = script(
  prelude +
    parcelFunctions +
    String.raw`
local tk, fk, rk, zk, qsk, runE, queue, nextE = K(), K(), K(), K(), K(), K(), K(), K()
local push, revision, instant, run, next, nextId, cargo, lane, task, tenant = N(), A(), A(), A(), A(), A(), A(), A(), A(), A()
if call('HGET', tk, 'r') ~= revision then return 'stale' end
if call('HEXISTS', fk, instant) == 1 then return 'exists' end
call('HSET', fk, instant, run)
call('HSET', rk, 't', task, 'i', instant, 'v', revision, 'c', '', 'o', '0')
call('HSET', tk, 'n', next, 'l', lane)
addEntry(runE, queue, zk, run, lane, tenant, '1', tonumber(instant), 'r' .. run, push)
call('SADD', qsk, lane .. ':' .. tenant)
if next ~= '' then addEntry(nextE, queue, zk, nextId, lane, tenant, '1', tonumber(next), cargo, push) end
return 'begun'
`,
)

export const readHashesScript: Script = script(String.raw`
local out = {}
for i = 1, #KEYS do out[i] = redis.call('HMGET', KEYS[i], unpack(ARGV)) end
return out
`)
