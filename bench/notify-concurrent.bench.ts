// How long `notify` takes where 1,000 callers wait for it in a closed loop, each calling again at once, while another
// process works off what they accept.
import { withinLimit } from './harness.js'
import { Child } from './processes/child.js'
import { chosenStores, startStore } from './stores/servers.js'

const callers = 1_000
const seconds = 5

interface Latencies {
  readonly p95: number
  readonly p99: number
  readonly perSecond: number
}

for (const store of chosenStores(['redis', 'postgres', 'sqlite'])) {
  const server = await startStore(store)
  const given = { store, url: server.url }
  const producer = new Child('pool/ours.ts', { ...given, works: false })
  await producer.ask('start')
  const worker = new Child('pool/ours.ts', { ...given, works: true })
  await worker.ask('start')
  const measure = async (): Promise<Latencies> => producer.ask('callers', { callers, seconds })
  await measure()
  const rounds = [await measure(), await measure(), await measure()]
  const at = (round: number): Latencies => rounds[round] ?? { p95: Number.NaN, p99: Number.NaN, perSecond: Number.NaN }
  for (const [row, limit] of [
    ['p95', 60],
    ['p99', 150],
  ] as const) {
    const name = `notify-concurrent/${store}-${row}`
    await withinLimit({
      name,
      unit: 'ms',
      limit,
      rounds: rounds.length,
      measure: (round) => ({ value: at(round)[row] }),
    })
  }
  await producer.stop()
  await worker.kill()
  await server.stop()
}
