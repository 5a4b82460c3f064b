// Two processes, one that accepts and one that works, on one PostgreSQL that syncs each commit, against queues of its own
// with one job a message: 50 callers, and 500 messages a call. Rounds are long enough for compiled code. The CPU column counts
// both processes and the server.
import { compare } from './harness.js'
import { startSide } from './pool/side.js'
import { cpuMsOf } from './processes/cpu.js'
import { startStore } from './stores/servers.js'

const server = await startStore('postgres')
const { url } = server
const ours = await startSide('pool/ours.ts', { store: 'postgres', url, gates: true })

for (const { name, program, bulk, width, messages, atLeast } of [
  { name: 'pool-postgres/pg-boss', program: 'pg-boss', bulk: 0, width: 50, messages: 8_000, atLeast: 3 },
  { name: 'pool-postgres/graphile-worker', program: 'graphile', bulk: 0, width: 50, messages: 8_000, atLeast: 1.5 },
  {
    name: 'pool-postgres/pg-boss-bulk',
    program: 'pg-boss',
    bulk: 500,
    width: 1_000,
    messages: 16_000,
    atLeast: undefined,
  },
  {
    name: 'pool-postgres/graphile-worker-bulk',
    program: 'graphile',
    bulk: 500,
    width: 1_000,
    messages: 16_000,
    atLeast: undefined,
  },
]) {
  const side = await startSide(`pool/${program}.ts`, { url, bulk })
  const pids = [server.pid, ...ours.pids, ...side.pids]
  const works = { ours: ours.run(width), peer: side.run(width), cpuMs: () => cpuMsOf(pids) }
  await compare({ name, messages, rounds: 3, ...works, ...(atLeast !== undefined && { atLeast }) })
  await side.stop()
}

await ours.stop()
await server.stop()
