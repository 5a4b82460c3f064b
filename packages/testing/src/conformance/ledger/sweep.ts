import assert from 'node:assert/strict'
import type { Envelope, Ledger } from '@reachkit/core/spec'
import type { ConformanceCase } from '../case.js'
import { only } from '../only.js'
import type { LedgerSubject } from '../subject.js'
import { envelopeOf, newEntry, newMessage, newMessages, newParcel } from './parcels.js'
import { accept, work } from './work.js'

/** All that one round of sweeping answers. */
async function sweepAll(ledger: Ledger, limit = 100): Promise<readonly Envelope[]> {
  const swept: Envelope[] = []
  for (let calls = 0; calls < 100; calls += 1) {
    const { envelopes, more } = await ledger.sweep(limit)
    assert(envelopes.length <= limit, `a sweep of ${limit} answered ${envelopes.length} envelopes`)
    swept.push(...envelopes)
    if (!more) return swept
  }
  assert.fail('sweep says `more` without end')
}

async function sweptIds(ledger: Ledger): Promise<readonly string[]> {
  return (await sweepAll(ledger)).map(({ id }) => id).toSorted()
}

/** Times between pushes of the one entry, as many as asked for. */
async function gaps({ ledger, advance, timing }: LedgerSubject, count: number): Promise<readonly number[]> {
  const found: number[] = []
  let last = await ledger.now()
  for (let looked = 0; looked < 100 && found.length < count; looked += 1) {
    await advance(Math.ceil(timing.pushAgainMs / 4))
    if ((await sweepAll(ledger)).length === 0) continue
    const now = await ledger.now()
    found.push(now - last)
    last = now
  }
  return found
}

const sweeps = ({ ledger }: LedgerSubject): boolean => !ledger.capabilities.pool

export const sweepCases: readonly ConformanceCase<LedgerSubject>[] = [
  {
    name: 'sweep: answers what is due and was not pushed lately',
    promise: 'Answers entries that are due, have no living lease and were not pushed lately.',
    when: sweeps,
    async run({ ledger, advance, timing, now }) {
      await accept(ledger, newParcel('a', [newMessage()]))
      assert.deepEqual(await sweepAll(ledger), [], 'what was just answered by accept')
      await advance(timing.pushAgainMs + 1)
      const { due, ...envelope } = only(await sweepAll(ledger))
      const { due: _, ...expected } = envelopeOf(newEntry('a', [0]))
      assert.deepEqual(envelope, expected)
      assert(due <= (await now()))
      assert.deepEqual(await sweepAll(ledger), [], 'what was just answered by a sweep')
    },
  },
  {
    name: 'sweep: the interval doubles',
    promise: 'Notes them as pushed: the interval doubles each time.',
    when: sweeps,
    async run(subject) {
      await accept(subject.ledger, newParcel('a', [newMessage()]))
      const [first = 0, second = 0, third = 0] = await gaps(subject, 3)
      assert(
        first > 0 && second >= 1.5 * first && third >= 1.5 * second,
        `the waits were ${first}, ${second}, ${third} ms`,
      )
      assert(third <= 6 * second, `the waits were ${first}, ${second}, ${third} ms`)
    },
  },
  {
    name: 'sweep: leaves what is not due',
    promise: 'Answers entries that are due.',
    when: sweeps,
    async run({ ledger, advance, timing, now }) {
      const due = (await now()) + timing.pushAgainMs * 3 + 60_000
      await accept(ledger, newParcel('a', [newMessage()], { entries: [newEntry('a', [0], { due })] }))
      await advance(timing.pushAgainMs * 2)
      assert.deepEqual(await sweepAll(ledger), [])
    },
  },
  {
    name: 'sweep: leaves what is leased, and answers it once the lease ran out',
    promise: 'Answers entries that have no living lease.',
    when: sweeps,
    async run({ ledger, advance, timing }) {
      const parcel = await accept(ledger, newParcel('a', [newMessage()]))
      const { claim } = await work(ledger, parcel)
      await advance(timing.pushAgainMs * 2)
      assert.deepEqual(await sweepAll(ledger), [])
      await ledger.renew([claim], timing.shortMs)
      await advance(timing.shortMs + timing.pushAgainMs * 2)
      assert.deepEqual(await sweptIds(ledger), ['a-entry'])
    },
  },
  {
    name: 'sweep: no more than the limit, and all in the end',
    promise: 'sweep(limit): envelopes and whether there are more.',
    when: sweeps,
    async run({ ledger, advance, timing }) {
      const entries = [0, 1, 2, 3, 4].map((position) => newEntry('a', [position], { id: `e${position}` }))
      await accept(ledger, newParcel('a', newMessages(5), { entries }))
      await advance(timing.pushAgainMs + 1)
      const ids = (await sweepAll(ledger, 2)).map(({ id }) => id).toSorted()
      assert.deepEqual(ids, ['e0', 'e1', 'e2', 'e3', 'e4'])
    },
  },
  {
    name: 'sweep: of many at once, one answers an entry',
    promise: 'Any process may call it at any time.',
    when: sweeps,
    async run({ ledger, peer, advance, timing }) {
      const entries = [0, 1, 2].map((position) => newEntry('a', [position], { id: `e${position}` }))
      await accept(ledger, newParcel('a', newMessages(3), { entries }))
      await advance(timing.pushAgainMs + 1)
      const swept = await Promise.all([sweptIds(ledger), sweptIds(peer?.ledger ?? ledger), sweptIds(ledger)])
      assert.deepEqual(swept.flat().toSorted(), ['e0', 'e1', 'e2'])
    },
  },
]
