import { afterAll, beforeAll, expect, it } from 'vitest'
import { isReachError } from '@reachkit/core/spec'
import { eventually } from '../../../test/support/lamp.js'
import { redisUrl } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import type { RedisStoreOptions } from '../src/index.js'
import { newParcel, sendAll } from './parcels.js'
import { redisSubject } from './redis-subject.js'
import type { RedisSubject } from './redis-subject.js'

let space: RedisSpace
beforeAll(async () => {
  space = await redisUrl()
})
afterAll(async () => {
  await space.drop()
})

async function withStore(test: (subject: RedisSubject) => Promise<void>, options?: RedisStoreOptions): Promise<void> {
  const subject = await redisSubject(space.url, options)
  try {
    await test(subject)
  } finally {
    await subject.close()
  }
}

const since = 0

it('What was sent is counted after its retention too, from what history keeps.', () =>
  withStore(async ({ ledger, history, advance, timing }) => {
    const parcels = [newParcel({ size: 3 }), newParcel({ size: 2 })]
    await ledger.accept(parcels)
    for (const parcel of parcels) await sendAll(ledger, parcel)
    const recipients = ['user-0', 'user-1', 'user-2', 'user-3']
    const counts = async (): Promise<unknown> => history.received?.({ tenant: 'acme', since }, recipients)
    await eventually(async () => expect(await counts()).toEqual([2, 2, 1, 0]))
    await advance(timing.retentionMs + 100)
    while ((await ledger.sweep(100)).more) {
      // Until all of it is archived.
    }
    expect(await ledger.get([`${parcels[0]?.id}.0`])).toEqual([undefined])
    expect(await counts()).toEqual([2, 2, 1, 0])
    expect(await history.received?.({ tenant: 'acme', type: 'order.paid', since }, recipients)).toEqual([2, 2, 1, 0])
    expect(await history.received?.({ tenant: 'acme', type: 'otp', since }, recipients)).toEqual([0, 0, 0, 0])
    expect(await history.received?.({ tenant: 'other', since }, recipients)).toEqual([0, 0, 0, 0])
  }))

it('A store without history cannot tell, and says so by leaving it out.', () =>
  withStore(
    async ({ history }) => {
      expect(typeof history.received).toBe('undefined')
    },
    { history: false },
  ))

it(
  'What lies in too many parcels is refused with a code, not counted by halves.',
  () =>
    withStore(async ({ ledger, history }) => {
      for (let round = 0; round < 21; round += 1)
        await ledger.accept(Array.from({ length: 100 }, () => newParcel({ size: 1 })))
      const refused = async (): Promise<boolean> => {
        const error: unknown = await history
          .received?.({ tenant: 'acme', since }, ['user-0'])
          .catch((one: unknown) => one)
        return isReachError(error, 'REACH_QUERY_UNSUPPORTED')
      }
      await eventually(async () => expect(await refused()).toBe(true))
      expect(await history.received?.({ tenant: 'acme', since }, ['user-1'])).toEqual([0])
    }),
  30_000,
)
