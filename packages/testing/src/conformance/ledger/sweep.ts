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

/** Nobody sees the instant of a push: it lies between two looks at the store's clock. */
interface Pushed {
  readonly from: number
  readonly to: number
}

/** Sweeps until the one entry is answered, which it has to be by a sweep that begins after `latest`. */
async function nextPush({ ledger, advance, timing }: LedgerSubject, latest: number): Promise<Pushed> {
  for (;;) {
    await advance(Math.ceil(timing.pushAgainMs / 4))
    const from = await ledger.now()
    const swept = await sweepAll(ledger)
    if (swept.length > 0) return { from, to: await ledger.now() }
    assert(from <= latest, `a sweep ${from - latest} ms after the latest instant for a push answered nothing`)
  }
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
      const { ledger, timing } = subject
      const from = await ledger.now()
      await accept(ledger, newParcel('a', [newMessage()]))
      let last: Pushed = { from, to: await ledger.now() }
      // A busy machine sweeps late, never early: a wait has a least length, and a most only where a sweep was made by then.
      for (const intervalMs of [1, 2, 4].map((times) => times * timing.pushAgainMs)) {
        const next = await nextPush(subject, last.to + 3 * intervalMs)
        const waited = next.to - last.from
        assert(waited >= 0.75 * intervalMs, `pushed after ${waited} ms, where ${intervalMs} ms were to pass`)
        last = next
      }
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
