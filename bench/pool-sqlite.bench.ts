// Two processes, one that accepts and one that works, on one SQLite file that syncs each commit. The limit is the rate
// that a task of a million recipients in 60 seconds needs.
import { settings, withinLimit } from './harness.js'
import { startSide } from './pool/side.js'
import { startStore } from './stores/servers.js'

const server = await startStore('sqlite')
const side = await startSide('pool/ours.ts', { store: 'sqlite', url: server.url })

for (const { name, width, messages } of [
  { name: 'pool-sqlite/rate', width: 50, messages: 10_000 },
  { name: 'pool-sqlite/rate-1000-callers', width: 1_000, messages: 20_000 },
]) {
  const count = settings.messages ?? messages
  await withinLimit({
    name,
    unit: 'messages/s',
    kind: 'least',
    limit: 1_000_000 / 60,
    rounds: 5,
    measure: async () => {
      const start = performance.now()
      await side.run(width)(count)
      return { value: (count * 1_000) / (performance.now() - start) }
    },
  })
}

await side.stop()
await server.stop()
