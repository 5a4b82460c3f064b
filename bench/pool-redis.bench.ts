// Two processes, one that accepts and one that works, on one Redis that syncs each write, against BullMQ with one job a
// message. The CPU column counts both processes and the server.
import { compare, settings, withinLimit } from './harness.js'
import { startSide } from './pool/side.js'
import { cpuMsOf } from './processes/cpu.js'
import { startStore } from './stores/servers.js'

const server = await startStore('redis')
const given = { store: 'redis', url: server.url }
const ours = await startSide('pool/ours.ts', { ...given, gates: true, redis: { prefix: 'gated' } })
const bare = await startSide('pool/ours.ts', given)
const bullmq = await startSide('pool/bullmq.ts', { url: server.url })
const pids = [server.pid, ...ours.pids, ...bare.pids, ...bullmq.pids]
const cpuMs = (): number => cpuMsOf(pids)

for (const { name, side, width, messages, atLeast } of [
  { name: 'pool-redis/bullmq', side: ours, width: 50, messages: 15_000, atLeast: 4 },
  { name: 'pool-redis/bullmq-no-gates', side: bare, width: 50, messages: 15_000, atLeast: 8 },
  { name: 'pool-redis/bullmq-1000-callers', side: bare, width: 1_000, messages: 20_000, atLeast: 8 },
  { name: 'pool-redis/bullmq-one-by-one', side: ours, width: 1, messages: 600, atLeast: undefined },
]) {
  const works = { ours: side.run(width), peer: bullmq.run(width) }
  await compare({ name, messages, rounds: 3, cpuMs, ...works, ...(atLeast !== undefined && { atLeast }) })
}

const count = settings.messages ?? 10_000
await withinLimit({
  name: 'pool-redis/rate',
  unit: 'messages/s',
  kind: 'least',
  limit: 25_000,
  rounds: 3,
  measure: async () => {
    const start = performance.now()
    await ours.run(50)(count)
    return { value: (count * 1_000) / (performance.now() - start) }
  },
})

await Promise.all([ours.stop(), bare.stop(), bullmq.stop()])
await server.stop()
