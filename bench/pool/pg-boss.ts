// pg-boss 10 with one job a message. It works by fetches of 500 in two loops: its own `work` asks twice a second at most.
import { setTimeout as pause } from 'node:timers/promises'
import { inFlight } from '../harness/in-flight.js'
import { orderOf } from '../notify-memory/bench-message.js'
import { peer } from '../peer.js'
import { answer, given } from '../processes/answer.js'
import { Tally } from '../processes/tally.js'

interface Boss {
  on(event: 'error', listener: (error: Error) => void): void
  start(): Promise<unknown>
  stop(options: object): Promise<void>
  createQueue(name: string): Promise<void>
  send(name: string, data: object): Promise<string | null>
  insert(jobs: readonly object[]): Promise<void>
  fetch(name: string, options: object): Promise<readonly { readonly id: string }[]>
  complete(name: string, ids: readonly string[]): Promise<void>
}

const { url, works, bulk = 0 } = given as { url: string; works: boolean; bulk?: number }
const Boss = peer('pg-boss') as new (options: object) => Boss
const boss = new Boss({ connectionString: url, max: 10, supervise: false, schedule: false, schema: `boss_${bulk}` })
boss.on('error', (error) => console.error('pg-boss:', error.message))
const tally = new Tally()
const name = 'orders'
let next = 0
const stopping = new AbortController()

async function work(): Promise<void> {
  while (!stopping.signal.aborted) {
    const jobs = await boss.fetch(name, { batchSize: 500 })
    if (jobs.length === 0) {
      await pause(2)
      continue
    }
    await boss.complete(
      name,
      jobs.map(({ id }) => id),
    )
    tally.add(jobs.length)
  }
}

let loops: Promise<unknown> = Promise.resolve()

answer(
  {
    start: async () => {
      await boss.start()
      await boss.createQueue(name)
      if (works) loops = Promise.all([work(), work()])
    },
    produce: async ({ count, width }: { count: number; width: number }) =>
      bulk === 0
        ? inFlight(width, count, async () => void (await boss.send(name, orderOf(next++))))
        : inFlight(2, count / bulk, async () =>
            boss.insert(Array.from({ length: bulk }, () => ({ name, data: orderOf(next++) }))),
          ),
    expect: async (count: number) => {
      await tally.reaches(count)
      tally.reset()
    },
  },
  async () => {
    stopping.abort()
    await loops
    await boss.stop({ graceful: false })
  },
)
