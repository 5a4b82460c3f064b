// From notify to done on Redis alone: two processes' worth of workers, and a server that is killed on the way.
import { channel, createReach, message, sent } from '@reachkit/core'
import { expect, it } from 'vitest'
import { startOwnRedis } from '../../../test/support/servers/index.js'
import { redis } from '../src/index.js'

interface Reach {
  notify(
    key: string,
    to: readonly string[],
    data: unknown,
  ): Promise<{ readonly ids: readonly string[]; readonly deduplicated: unknown }>
  stop(): Promise<void>
}

const anything = { '~standard': { version: 1, vendor: 'test', validate: (value: unknown) => ({ value }) } } as never

const ignore = (): void => {}

function openReach(url: string, arrived: string[]): Reach {
  const lamp = channel({
    name: 'lamp',
    address: anything,
    content: anything,
    async deliver({ recipient, id }: { recipient: { id: string }; id: string }) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      arrived.push(recipient.id)
      return sent(id)
    },
  })
  const note = message('note', {
    data: anything,
    dedupe: (data: { key: string }) => data.key,
    content: { lamp: { text: 'x' } as never },
  } as never)
  return createReach({
    messages: [note],
    channels: { lamp },
    directory: (ids: readonly string[]) => ids.map((id) => ({ id, addresses: { lamp: id } })),
    store: redis({ url, pushAgain: '500ms', poolLease: '5s' }),
    logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
  } as never)
}

function people(from: number, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `u${from + index}`)
}

it('two that notify the same keys at once have the same ids, and everybody is reached once', async () => {
  const server = await startOwnRedis()
  const arrived: string[] = []
  const both = [openReach(server.url, arrived), openReach(server.url, arrived)]
  try {
    for (let call = 0; call < 40; call += 1) {
      const answers = await Promise.all(
        both.map(async (reach) => reach.notify('note', people(call * 50, 50), { key: 'same' })),
      )
      expect(answers[0]?.ids).toEqual(answers[1]?.ids)
    }
    await expect.poll(() => arrived.length, { timeout: 60_000, interval: 20 }).toBe(2_000)
    await Promise.all(both.map(async (reach) => reach.stop()))
    expect(new Set(arrived).size).toBe(2_000)
    expect(arrived).toHaveLength(2_000)
  } finally {
    await Promise.all(both.map(async (reach) => reach.stop()))
    await server.stop()
  }
}, 120_000)

it('a server that is killed and comes back loses nothing, and nobody is reached twice', async () => {
  const server = await startOwnRedis()
  const arrived: string[] = []
  const reach = openReach(server.url, arrived)
  const { realContext } = await import('./redis-subject.js')
  try {
    const accepted: string[] = []
    for (let call = 0; call < 40; call += 1) {
      if (call === 20) await server.restart?.('SIGKILL')
      const ask = async (): Promise<{ ids: readonly string[] }> =>
        reach.notify('note', people(call * 50, 50), { key: 'same' })
      const { ids } = await ask().catch(ask)
      accepted.push(...ids)
    }
    await server.restart?.('SIGKILL')
    const parts = await redis(server.url).open({ ...realContext, otherPool: true })
    const unsettled = async (): Promise<number> => {
      const found = await parts.ledger.get(accepted)
      return found.filter((record) => record?.state !== 'done' && record?.state !== 'held').length
    }
    await expect.poll(async () => unsettled().catch(() => -1), { timeout: 60_000, interval: 200 }).toBe(0)
    await reach.stop()
    const held = (await parts.ledger.get(accepted)).filter((record) => record?.state === 'held').length
    expect(new Set(arrived).size, 'nobody twice').toBe(arrived.length)
    expect(arrived.length + held).toBeGreaterThanOrEqual(2_000)
    await parts.close()
  } finally {
    await reach.stop()
    await server.stop()
  }
}, 100_000)
