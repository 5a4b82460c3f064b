// CPU time of worker and server for a message, with many waiting against few. Of many, 100,000 unless `--waiting` says
// otherwise: the bar is for a million, which takes minutes to fill.
import { settings, withinLimit } from './harness.js'
import { Child } from './processes/child.js'
import { cpuMsOf } from './processes/cpu.js'
import { chosenStores, startStore } from './stores/servers.js'
import type { StoreName } from './stores/servers.js'

const few = 10_000
const many = settings.waiting ?? 100_000
/** Sent before it counts, so that the code is compiled; and what counts. */
const warm = 6_000
const counted = settings.messages ?? 10_000

for (const store of chosenStores(['redis', 'postgres'])) {
  await withinLimit({
    name: `backlog/${store}-growth`,
    unit: 'times the CPU',
    limit: 1.15,
    rounds: 1,
    measure: async () => {
      const small = await microsAt(store, few)
      const large = await microsAt(store, many)
      if (!settings.json)
        console.error(`${store}: ${small.toFixed(1)} us with ${few} waiting, ${large.toFixed(1)} us with ${many}`)
      return { value: large / small }
    },
  })
}

/** Of messages that are sent while so many others wait behind them. */
async function microsAt(store: StoreName, waiting: number): Promise<number> {
  const server = await startStore(store)
  const given = { store, url: server.url }
  const producer = new Child('pool/ours.ts', { ...given, works: false })
  await producer.ask('start')
  await producer.ask('produce', { count: waiting + warm + counted, width: 2_000 })
  await producer.stop()
  const worker = new Child('pool/ours.ts', { ...given, works: true })
  const cpuMs = (): number => cpuMsOf([server.pid, worker.pid])
  const warmed = worker.ask('reached', warm)
  await worker.ask('start')
  await warmed
  const before = cpuMs()
  await worker.ask('reached', warm + counted)
  const used = cpuMs() - before
  await worker.kill()
  await server.stop()
  return (used * 1_000) / counted
}
