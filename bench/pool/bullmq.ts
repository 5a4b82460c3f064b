// BullMQ with one job a message, as most apps use it: 50 at once, nothing kept.
import { inFlight } from '../harness/in-flight.js'
import { orderOf } from '../notify-memory/bench-message.js'
import { peer } from '../peer.js'
import { answer, given } from '../processes/answer.js'
import { Tally } from '../processes/tally.js'

interface Job {
  readonly name: string
  readonly data: object
  readonly opts: object
}
interface Queue {
  add(name: string, data: object, options: object): Promise<unknown>
  addBulk(jobs: readonly Job[]): Promise<unknown>
  waitUntilReady(): Promise<unknown>
  close(): Promise<void>
}
interface Worker {
  on(event: string, listener: () => void): void
  waitUntilReady(): Promise<unknown>
  close(): Promise<void>
}
interface Bullmq {
  readonly Queue: new (name: string, options: object) => Queue
  readonly Worker: new (name: string, processor: (job: { data: object }) => Promise<string>, options: object) => Worker
}

const { url, works, bulk = 0 } = given as { url: string; works: boolean; bulk?: number }
const { Queue, Worker } = peer('bullmq') as Bullmq
const { hostname, port } = new URL(url)
const connection = { host: hostname, port: Number(port), maxRetriesPerRequest: null }
const name = `orders-${bulk}`
const opts = { removeOnComplete: true, removeOnFail: true }
const tally = new Tally()
let next = 0

const queue = works ? undefined : new Queue(name, { connection })
const worker = works ? new Worker(name, async () => 'nowhere-1', { connection, concurrency: 50 }) : undefined
worker?.on('completed', () => tally.add())
worker?.on('error', () => console.error('BullMQ: the worker failed'))

async function one(): Promise<void> {
  await queue?.add('order.paid', orderOf(next++), opts)
}

async function many(): Promise<void> {
  await queue?.addBulk(Array.from({ length: bulk }, () => ({ name: 'order.paid', data: orderOf(next++), opts })))
}

answer(
  {
    start: async () => (queue ?? worker)?.waitUntilReady(),
    produce: async ({ count, width }: { count: number; width: number }) =>
      bulk === 0 ? inFlight(width, count, one) : inFlight(2, count / bulk, many),
    expect: async (count: number) => {
      await tally.reaches(count)
      tally.reset()
    },
  },
  async () => (queue ?? worker)?.close(),
)
