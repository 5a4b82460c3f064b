// What is parked is kept for as long as history shows it: an operator may want it sent after all.
import { setTimeout as wait } from 'node:timers/promises'
import { expect, it } from 'vitest'
import { messageId } from '@reachkit/core/spec'
import type { Ledger, SettleResult } from '@reachkit/core/spec'
import { redisUrl } from '../../../test/support/servers/index.js'
import { claimed, newParcel } from './parcels.js'
import { redisSubject } from './redis-subject.js'

async function settled(ledger: Ledger, outcome: 'sent' | 'parked'): Promise<string> {
  const parcel = newParcel({ size: 2 })
  await ledger.accept([parcel])
  const { entry, token } = await claimed(ledger, parcel)
  const results = [0, 1].map(
    (position): SettleResult => ({ position, step: 0, to: { state: 'done', outcome }, events: [] }),
  )
  await ledger.settle([{ entry, token, parcel: parcel.id, results, entries: [], finish: true }])
  return messageId(parcel.id, 0)
}

async function sweptUntil(ledger: Ledger, check: () => Promise<boolean>): Promise<void> {
  const until = performance.now() + 20_000
  while (!(await check())) {
    if (performance.now() > until) throw new Error('it did not come to that in time')
    await ledger.sweep(1_000)
    await wait(20)
  }
}

it('outlives the retention of what was sent, can be sent after all, and is forgotten with its history', async () => {
  const space = await redisUrl()
  const subject = await redisSubject(space.url, { retention: '300ms', history: '6s' })
  const { ledger } = subject
  const found = async (id: string): Promise<boolean> => (await ledger.get([id]))[0] !== undefined
  try {
    const [sent, parked, again] = [
      await settled(ledger, 'sent'),
      await settled(ledger, 'parked'),
      await settled(ledger, 'parked'),
    ]
    await sweptUntil(ledger, async () => !(await found(sent)))
    expect([await found(parked), await found(again)]).toEqual([true, true])
    const to = { state: 'waiting', due: 0, reason: { code: 'resent' } } as const
    const entry = { id: 'redriven', lane: 'P2', weight: 1 } as const
    const [answer] = await ledger.change([{ id: again, step: 0, from: ['done'], to, entry, events: [] }])
    expect(answer?.status).toBe('changed')
    await sweptUntil(ledger, async () => !(await found(parked)))
    expect(await found(again), 'it waits, so it lives').toBe(true)
  } finally {
    await subject.close()
    await space.drop()
  }
}, 60_000)
