// What Redis holds for a message: while it waits, with and without compression, and once it is done, without history.
import { peer } from './peer.js'
import { settings, withinLimit } from './harness.js'
import { Child } from './processes/child.js'
import { startOwnRedis } from '../test/support/servers/index.js'

interface Client {
  call(...command: readonly string[]): Promise<unknown>
  info(section: string): Promise<string>
  quit(): Promise<unknown>
}

const { Redis } = peer('ioredis') as { Redis: new (url: string) => Client }
const count = settings.messages ?? 50_000

const plain = await bytesOf({ compress: false }, false)
const packed = await bytesOf({}, true)
for (const [name, limit, value] of [
  ['memory/waiting', 450, plain.waiting],
  ['memory/waiting-compressed', 150, packed.waiting],
  ['memory/done', 60, packed.done],
] as const) {
  await withinLimit({ name, unit: 'bytes', limit, rounds: 1, measure: () => ({ value }) })
}

async function bytesOf(redis: object, works: boolean): Promise<{ readonly waiting: number; readonly done: number }> {
  const server = await startOwnRedis()
  const client = new Redis(server.url)
  const given = { store: 'redis', url: server.url, redis: { history: false, ...redis } }
  const producer = new Child('pool/ours.ts', { ...given, works: false })
  await producer.ask('start')
  await producer.ask('produce', { count, width: 2_000 })
  await producer.stop()
  const waiting = await usedBytes(client)
  if (works) {
    const worker = new Child('pool/ours.ts', { ...given, works: true })
    const ended = worker.ask('expect', count)
    await worker.ask('start')
    await ended
    await worker.stop()
  }
  const done = await usedBytes(client)
  // What a server at work has for itself, its scripts among that, is not of any message.
  await client.call('flushall', 'sync')
  const empty = await usedBytes(client)
  await client.quit()
  await server.stop()
  return { waiting: (waiting - empty) / count, done: (done - empty) / count }
}

/** Without what clients and the append-only file have in their buffers for a moment. */
async function usedBytes(client: Client): Promise<number> {
  await client.call('memory', 'purge')
  const text = await client.info('memory')
  const field = (name: string): number => Number(new RegExp(`^${name}:(\\d+)`, 'm').exec(text)?.[1] ?? 0)
  return field('used_memory') - field('mem_clients_normal') - field('mem_aof_buffer')
}
