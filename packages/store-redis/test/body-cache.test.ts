// A process asks for a parcel without its body, since it has that, and lets go of it before the answer is there.
import { createRequire } from 'node:module'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Logger, StoreParts } from '@reachkit/core/spec'
import { redisUrl } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import { redis } from '../src/index.js'
import type { RedisClient } from '../src/index.js'
import { claimScript, readScript } from '../src/scripts/work.js'
import { readHistoryScript } from '../src/scripts/history.js'
import type { Script } from '../src/client/script.js'
import { claimed, newParcel, only } from './parcels.js'
import { realContext } from './redis-subject.js'

const { Redis } = createRequire(import.meta.url)('ioredis') as { Redis: new (url: string) => RedisClient }

let space: RedisSpace
beforeAll(async () => {
  space = await redisUrl()
})
afterAll(async () => {
  await space.drop()
})

type Parcel = ReturnType<typeof newParcel>

/** The messages that a process keeps bodies of at once are fewer than these. */
const others = Array.from({ length: 80 }, () => newParcel({ size: 500 }))

/** Asks for a parcel that is known here; before the answer to that script is passed on, as many others are read as fit. */
async function askedMeanwhile<T>(script: Script, ask: (parts: StoreParts, parcel: Parcel) => Promise<T>): Promise<T> {
  const client = new Redis(space.url)
  let meanwhile: (() => Promise<void>) | undefined
  const slow: RedisClient = {
    callBuffer: async (...args) => {
      const reply = await client.callBuffer(...args)
      const run = args[1] === script.sha ? meanwhile : undefined
      if (run === undefined) return reply
      meanwhile = undefined
      await run()
      return reply
    },
    on: () => {},
    off: () => {},
    disconnect: () => {},
    quit: async () => {},
    status: 'ready',
  }
  const lines: object[] = []
  const logger: Logger = { ...realContext.logger, error: (fields) => void lines.push(fields) }
  const parts = await redis({ client: slow, prefix: space.prefix }).open({ ...realContext, logger })
  try {
    // Bodies are kept once any was read. Each script is known to the server from here on.
    const first = newParcel()
    await parts.ledger.accept([first])
    await parts.ledger.get([`${first.id}.0`])
    await parts.history.timeline([`${first.id}.0`])
    await claimed(parts.ledger, first)
    const parcel = newParcel({ size: 2 })
    await parts.ledger.accept([parcel])
    meanwhile = async () => {
      await parts.ledger.accept(others.map(({ messages }) => ({ ...newParcel(), messages, entries: [] })))
    }
    const answer = await ask(parts, parcel)
    expect(meanwhile, 'it was asked by that script').toBeUndefined()
    expect(lines, 'nothing is unreadable').toEqual([])
    return answer
  } finally {
    await parts.close()
    client.disconnect()
  }
}

it('A reader still answers it.', async () => {
  const record = await askedMeanwhile(readScript, async ({ ledger }, { id }) => only(await ledger.get([`${id}.1`])))
  expect(record).toMatchObject({ type: 'order.paid', recipient: 'user-1' })
})

it('A claim still hands it out.', async () => {
  const { messages } = await askedMeanwhile(claimScript, async ({ ledger }, parcel) => claimed(ledger, parcel))
  expect(messages.map(({ recipient }) => recipient)).toEqual(['user-0', 'user-1'])
})

it('History still tells of it.', async () => {
  const told = await askedMeanwhile(readHistoryScript, async ({ history }, { id }) => history.timeline([`${id}.0`]))
  expect(told).toHaveLength(1)
})
