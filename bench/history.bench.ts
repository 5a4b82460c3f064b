// What history costs on Redis, where it can be left out: its part of the CPU time, and bytes of a message that is done.
// The CPU column counts both processes and the server.
import { startOwnRedis } from '../test/support/servers/index.js'
import { compare, settings, withinLimit } from './harness.js'
import { peer } from './peer.js'
import { startSide } from './pool/side.js'
import { cpuMsOf } from './processes/cpu.js'

interface Client {
  info(section: string): Promise<string>
  quit(): Promise<unknown>
}

const { Redis } = peer('ioredis') as { Redis: new (url: string) => Client }
const withIt = await startWith({})
const without = await startWith({ history: false })
const count = settings.messages ?? 4_000
const pids = [...withIt.pids, ...without.pids]
await compare({
  name: 'history/without',
  messages: count,
  rounds: 3,
  cpuMs: () => cpuMsOf(pids),
  ours: withIt.run(50),
  peer: without.run(50),
})
await withinLimit({
  name: 'history/bytes',
  unit: 'bytes of each done',
  limit: 300,
  rounds: 1,
  measure: async () => ({ value: (await withIt.bytes()) - (await without.bytes()) }),
})
await Promise.all([withIt.stop(), without.stop()])

async function startWith(redis: object) {
  const server = await startOwnRedis()
  const client = new Redis(server.url)
  const side = await startSide('pool/ours.ts', { store: 'redis', url: server.url, redis })
  const empty = await used()
  let ran = 0
  return {
    pids: [server.pid, ...side.pids],
    run: (width: number) => async (messages: number) => {
      ran += messages
      await side.run(width)(messages)
    },
    bytes: async () => ((await used()) - empty) / ran,
    async stop() {
      await side.stop()
      await client.quit()
      await server.stop()
    },
  }

  async function used(): Promise<number> {
    return Number(/^used_memory:(\d+)/m.exec(await client.info('memory'))?.[1] ?? 0)
  }
}
