// From notify to done: a ledger in memory feeds the pool on BullMQ, which is flushed on the way.
import { channel, createReach, memoryStore, message, sent } from '@reachkit/core'
import type { Ledger, Store, StoreContext } from '@reachkit/core/spec'
import { Redis } from 'ioredis'
import { expect, it } from 'vitest'
import { startOwnRedis } from '../../../test/support/servers/index.js'
import { bullmq } from '../src/bullmq/index.js'

const text = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as never

it('5,000 messages are all sent once, though all keys of the pool vanish three times', {
  timeout: 120_000,
}, async () => {
  const server = await startOwnRedis()
  const client = new Redis(server.url)
  const arrived: string[] = []
  const lamp = channel({
    name: 'lamp',
    address: text,
    content: text,
    async deliver({ id }) {
      await new Promise((resolve) => setTimeout(resolve, 3))
      arrived.push(id)
      return sent(id)
    },
  })
  let ledger: Ledger | undefined
  const memory = memoryStore({ pushAgain: '300ms' })
  const store: Store = {
    ...memory,
    async open(context: StoreContext) {
      const parts = await memory.open(context)
      ledger = parts.ledger
      return { ...parts }
    },
  }
  const note = message('note', { content: { lamp: { text: 'x' } as never }, retry: { attempts: 3 } })
  const warned: unknown[] = []
  const logger = {
    debug() {},
    info() {},
    warn: (...all: unknown[]) => warned.push(all),
    error: (...all: unknown[]) => warned.push(all),
  }
  const reach = createReach({
    messages: [note],
    channels: { lamp },
    directory: (ids: readonly string[]) => ids.map((id) => ({ id, addresses: { lamp: id } })),
    store,
    pool: bullmq({ url: server.url, lockMs: 1_000 }),
    logger,
  } as never) as unknown as {
    notify(key: string, to: readonly string[], data: undefined, options: object): Promise<{ ids: readonly string[] }>
    stop(): Promise<void>
  }
  const ids: string[] = []
  const begun = performance.now()
  for (let call = 0; call < 500; call += 1) {
    const to = Array.from({ length: 10 }, (_, index) => `u${call}-${index}`)
    const priority = (['P0', 'P1', 'P2', 'P3'] as const)[call % 4] ?? 'P2'
    const accepted = await reach.notify('note', to, undefined, { priority, ...(call % 10 === 0 && { after: '2s' }) })
    ids.push(...accepted.ids)
    if (call === 250) await client.flushall()
  }
  await client.flushall()
  await expect.poll(() => arrived.length, { timeout: 60_000, interval: 20 }).toBeGreaterThan(2_500)
  const doneAtFlush = arrived.length
  await client.flushall()
  expect(doneAtFlush).toBeLessThan(5_000)
  await expect.poll(async () => (await ledger?.pending({}, 10))?.length, { timeout: 90_000, interval: 50 }).toBe(0)
  console.info(
    `5,000 messages with three flushes: ${Math.round(performance.now() - begun)} ms, ${doneAtFlush} at the last`,
  )
  const records = (await ledger?.get(ids)) ?? []
  expect(records.filter((record) => record?.outcome !== 'sent')).toEqual([])
  expect([arrived.length, new Set(arrived).size]).toEqual([5_000, 5_000])
  await reach.stop()
  const loud = warned.filter((one) => !JSON.stringify(one).includes('lags'))
  expect(loud).toEqual([])
  await client.quit()
  await server.stop()
})
