// Random histories of a ledger: whatever workers, operators and time do, its promises hold.
import { memoryStore } from '@reachkit/core'
import type { ClaimGranted, Envelope, Ledger, MessageRecord, PendingEntry, Settled } from '@reachkit/core'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createWorld } from './support/world.js'

const size = 6
const leaseMs = 1_000
const parcel = 'p'
const ids = Array.from({ length: size }, (_, position) => `${parcel}.${position}`)

/** One thing that somebody does. Numbers choose among what there is at that moment. */
const acts = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('claim' as const), which: fc.nat(20) }) },
    { weight: 4, arbitrary: fc.record({ do: fc.constant('begin' as const), which: fc.nat(20), part: fc.nat(63) }) },
    {
      weight: 4,
      arbitrary: fc.record({
        do: fc.constant('settle' as const),
        which: fc.nat(20),
        to: fc.array(fc.constantFrom('sent', 'waiting', 'held'), { minLength: size, maxLength: size }),
        finish: fc.boolean(),
        /** The call is made once more later, as by a process that did not hear the answer. */
        again: fc.boolean(),
      }),
    },
    fc.record({ do: fc.constant('cancel' as const), which: fc.nat(size - 1) }),
    fc.record({ do: fc.constant('change' as const), which: fc.nat(size - 1), stale: fc.boolean() }),
    fc.record({ do: fc.constant('resend' as const), which: fc.nat(size - 1) }),
    fc.record({ do: fc.constant('yield' as const), which: fc.nat(20) }),
    fc.record({ do: fc.constant('pass' as const), ms: fc.constantFrom(1, 100, 1_500) }),
    fc.record({ do: fc.constant('sweep' as const) }),
  ),
  { maxLength: 60 },
)
type Act = typeof acts extends fc.Arbitrary<readonly (infer One)[]> ? One : never

interface Worker {
  readonly claim: ClaimGranted
  readonly begun: Map<number, number>
  readonly settled: Map<number, number>
  slices: number
}

async function play(history: readonly Act[]): Promise<void> {
  const world = createWorld()
  const { ledger } = await memoryStore({ retention: '1d' }).open(world.base)
  const envelopes: Envelope[] = []
  const workers: Worker[] = []
  const begins = new Set<string>()
  let made = 0
  const entryOf = (due: number, steps: ReadonlyMap<number, number>) => ({
    id: `e${(made += 1)}`,
    lane: 'P2' as const,
    due,
    weight: 1,
    cargo: { kind: 'messages' as const, parcel, positions: [...steps.keys()], steps: [...steps.values()] },
  })
  await ledger.accept([
    {
      id: parcel,
      tenant: 't',
      messages: ids.map(() => ({
        type: 'x',
        version: 1,
        recipient: 'u',
        inline: undefined,
        data: '{}',
        lane: 'P2' as const,
        labels: {},
        sandbox: false,
        expires: undefined,
        digest: undefined,
      })),
      entries: [entryOf(0, new Map(ids.map((_, position) => [position, 0])))],
    },
  ])
  const pick = <T>(items: readonly T[], which: number): T | undefined => items[which % Math.max(1, items.length)]

  async function settle(worker: Worker, act: Extract<Act, { do: 'settle' }>): Promise<void> {
    const now = await ledger.now()
    const results = [...worker.begun, ...worker.settled].map(([position, step]) => ({
      position,
      step,
      to: settledTo(worker.begun.has(position) ? (act.to[position] ?? 'sent') : 'sent', now),
      events: [],
    }))
    const again = results.filter(({ to }) => to.state !== 'done')
    const steps = new Map(again.map(({ position, step, to }) => [position, to.state === 'waiting' ? step + 1 : step]))
    const unbegun = worker.claim.messages.some(({ position, step }) => !begins.has(`${position}@${step}`))
    const entries = steps.size === 0 ? [] : [entryOf(now + 100, steps)]
    // A worker says that it is finished only when it has dealt with all that it claimed.
    const finish = act.finish && !unbegun
    const { entry, token } = worker.claim
    const before = await ledger.get(ids)
    const [answer] = await ledger.settle([{ entry, token, parcel, results, entries, finish }])
    for (const position of answer?.settled ?? []) {
      const { step, state } = before[position] ?? {}
      expect(results.find((result) => result.position === position)?.step, 'a result of another step was taken').toBe(
        step,
      )
      expect(state).not.toBe('done')
    }
    worker.settled.clear()
    if (act.again) for (const [position, step] of worker.begun) worker.settled.set(position, step)
    worker.begun.clear()
    if (finish) workers.splice(workers.indexOf(worker), 1)
  }

  async function perform(act: Act): Promise<void> {
    switch (act.do) {
      case 'claim': {
        const entry = pick(await ledger.pending({}, 100), act.which)
        if (entry === undefined) return
        const [claim] = await ledger.claim({ envelopes: [envelopeOf(entry)], owner: 'w', leaseMs })
        if (claim?.status !== 'claimed') return
        const worker: Worker = { claim, begun: new Map(), settled: new Map(), slices: 0 }
        for (const { position, step, state } of claim.messages)
          if (state !== 'waiting') worker.begun.set(position, step)
        workers.push(worker)
        return
      }
      case 'begin': {
        const worker = pick(workers, act.which)
        const messages =
          worker?.claim.messages.filter(
            ({ position, state }) => state === 'waiting' && (act.part >> position) % 2 === 1,
          ) ?? []
        if (worker === undefined || messages.length === 0) return
        const request = { positions: messages.map(({ position }) => position), steps: messages.map(({ step }) => step) }
        const { entry, token } = worker.claim
        const before = await ledger.get(ids)
        const [answer] = await ledger.begin([
          {
            entry,
            token,
            leaseMs,
            slice: worker.slices,
            parcel,
            ...request,
            attempting: messages.map(() => 'lamp:lamp'),
          },
        ])
        worker.slices += 1
        for (const position of answer?.begun ?? []) {
          const step = before[position]?.step ?? -1
          expect(before[position]?.state).toBe('waiting')
          expect(begins.has(`${position}@${step}`), `position ${position} was begun before at step ${step}`).toBe(false)
          begins.add(`${position}@${step}`)
          worker.begun.set(position, step)
        }
        return
      }
      case 'settle': {
        const worker = pick(workers, act.which)
        return worker === undefined ? undefined : settle(worker, act)
      }
      case 'cancel': {
        const [before] = await ledger.get([ids[act.which] ?? ''])
        const [answer] = await ledger.cancel([ids[act.which] ?? ''])
        expect(answer).toBe(
          before?.state === 'waiting' || before?.outcome === 'cancelled'
            ? 'cancelled'
            : before?.state === 'done'
              ? 'done'
              : 'too-late',
        )
        return
      }
      case 'change':
      case 'resend': {
        const [record] = await ledger.get([ids[act.which] ?? ''])
        if (record === undefined) return
        const from = act.do === 'change' ? (['waiting'] as const) : (['done', 'held'] as const)
        const stale = act.do === 'change' && act.stale
        const to: Settled = { state: 'waiting', due: await ledger.now(), reason: { code: 'changed' } }
        const entry = { id: `e${(made += 1)}`, lane: 'P2' as const, weight: 1 }
        const step = stale ? record.step - 1 : record.step
        const [answer] = await ledger.change([{ id: record.id, step, from, to, entry, events: [] }])
        const fits = !stale && from.some((state) => state === record.state)
        expect(answer?.status).toBe(fits ? 'changed' : 'conflict')
        return
      }
      case 'yield': {
        const worker = pick(
          workers.filter(({ begun }) => begun.size === 0),
          act.which,
        )
        if (worker === undefined) return
        workers.splice(workers.indexOf(worker), 1)
        return ledger.yield([worker.claim])
      }
      case 'pass':
        return world.clock.advance(act.ms)
      case 'sweep':
        envelopes.push(...(await ledger.sweep(100)).envelopes)
    }
  }

  let known = await ledger.get(ids)
  for (const act of history) {
    await perform(act)
    const now = await ledger.get(ids)
    assertForward(known, now)
    await assertEntries(ledger, now)
    known = now
  }
}

function settledTo(how: string, now: number): Settled {
  if (how === 'sent') return { state: 'done', outcome: 'sent' }
  return { state: how === 'held' ? 'held' : 'waiting', due: now + 50, reason: { code: 'x' } }
}

function envelopeOf({ id, lane, due, weight, cargo, tenant }: PendingEntry): Envelope {
  return { id, lane, due, weight, cargo, tenant, schema: 1 }
}

/** A step never goes back; and while it stays, a state only goes on. */
function assertForward(
  before: readonly (MessageRecord | undefined)[],
  after: readonly (MessageRecord | undefined)[],
): void {
  const order = ['waiting', 'sending', 'held', 'done']
  for (const [position, one] of before.entries()) {
    const other = after[position]
    expect(other?.step).toBeGreaterThanOrEqual(one?.step ?? 0)
    if (other?.step === one?.step)
      expect(order.indexOf(other?.state ?? '')).toBeGreaterThanOrEqual(order.indexOf(one?.state ?? ''))
  }
}

/**
 * Every message that is not done is in exactly one entry with its step. A held one keeps its step, so that it stays in
 * the leased entry that it was sent under, beside the one of its own, until that is finished.
 */
async function assertEntries(ledger: Ledger, records: readonly (MessageRecord | undefined)[]): Promise<void> {
  const entries = await ledger.pending({}, 1_000)
  for (const [position, record] of records.entries()) {
    if (record === undefined || record.state === 'done') continue
    const holding = entries.filter(
      ({ cargo }) => cargo.kind === 'messages' && cargo.steps[cargo.positions.indexOf(position)] === record.step,
    )
    const own = record.state === 'held' ? holding.filter(({ due }) => due >= record.due) : holding
    expect(own.length, `${record.state} message ${position} at step ${record.step} is in ${own.length} entries`).toBe(1)
  }
}

describe('The ledger', () => {
  it('keeps its promises whatever happens.', async () => {
    await fc.assert(fc.asyncProperty(acts, play), { numRuns: 300, seed: 5 })
  }, 20_000)
})
