import { setTimeout as wait } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { messageId } from '@reachkit/core/spec'
import type { ClaimGranted, Envelope, Ledger, NewEntry, NewParcel, Settled, SettleResult } from '@reachkit/core/spec'
import { seededRandom } from '@reachkit/testing'
import { redisUrl } from '../../../test/support/servers/index.js'
import type { RedisSpace } from '../../../test/support/servers/index.js'
import { newParcel } from './parcels.js'
import { redisSubject } from './redis-subject.js'

let space: RedisSpace
beforeAll(async () => {
  space = await redisUrl()
})
afterAll(async () => {
  await space.drop()
})

const leaseMs = 250
const parcelCount = 12
const size = 60

/** Everything that the workers of this test share: what was begun, and whether they are still to make trouble. */
interface World {
  readonly begun: Set<string>
  readonly twice: string[]
  readonly random: ReturnType<typeof seededRandom>
  readonly parcels: ReadonlyMap<string, NewParcel>
  trouble: boolean
  made: number
}

function chance(world: World, share: number): boolean {
  return world.random.next() < share
}

/** Claims what is due, doubled at times, and works on it until nothing is left; dies at times. */
async function work(world: World, ledger: Ledger): Promise<void> {
  const idleUntil = { at: performance.now() + 3_000 }
  while (performance.now() < idleUntil.at) {
    const entries = await ledger.pending({ dueBefore: (await ledger.now()) + 1 }, 20)
    const picked = entries.filter(() => chance(world, 0.5)).slice(0, 4)
    const envelopes = picked.flatMap((entry): Envelope[] => {
      const { id, tenant, lane, due, weight, cargo } = entry
      const envelope = { id, schema: 1, tenant, lane, due, weight, cargo } as const
      return chance(world, 0.1) ? [envelope, envelope] : [envelope]
    })
    const claims = envelopes.length === 0 ? [] : await ledger.claim({ envelopes, owner: 'w', leaseMs })
    for (const claim of claims) if (claim.status === 'claimed') await workOn(world, ledger, claim)
    if (claims.length > 0) idleUntil.at = performance.now() + 3_000
    else await wait(20)
    if (entries.length === 0 && (await ledger.pending({}, 1)).length === 0) return
  }
}

async function workOn(world: World, ledger: Ledger, claim: ClaimGranted): Promise<void> {
  const { entry, token } = claim
  const [first] = claim.messages
  if (first === undefined) {
    // Its worker died after the last settlement: there is nothing left to do.
    await ledger.settle([{ entry, token, parcel: '', results: [], entries: [], finish: true }])
    return
  }
  const parcel = first.id.slice(0, first.id.lastIndexOf('.'))
  const interrupted = claim.messages.filter(({ state }) => state !== 'waiting')
  const now = await ledger.now()
  const common = { entry, token, parcel }
  let pending = settlementOf(
    world,
    parcel,
    interrupted.map(({ position, step }) => ({ position, step })),
    now,
  )
  const waiting = claim.messages.filter(({ state }) => state === 'waiting')
  for (let at = 0, slice = 0; at < waiting.length; at += 20, slice += 1) {
    const part = waiting.slice(at, at + 20)
    const positions = part.map(({ position }) => position)
    const steps = part.map(({ step }) => step)
    const attempting = positions.map(String)
    const request = { ...common, leaseMs, slice, positions, steps, attempting }
    const settle = { ...common, ...pending, finish: false }
    const [answer] = await ledger.begin([{ ...request, settle }])
    if (answer === undefined || answer.lease === 'lost') return
    const begun = part.filter(({ position }) => answer.begun.includes(position))
    for (const { id, step } of begun) {
      const key = `${id}@${step}`
      if (world.begun.has(key)) world.twice.push(key)
      world.begun.add(key)
    }
    // The worker dies here: its lease runs out, and what it began is interrupted.
    if (world.trouble && chance(world, 0.1)) return
    if (world.trouble && chance(world, 0.05)) await wait(leaseMs + 50)
    pending = settlementOf(world, parcel, begun, now)
  }
  await ledger.settle([{ ...common, ...pending, finish: true }])
}

function settlementOf(
  world: World,
  parcel: string,
  messages: readonly { readonly position: number; readonly step: number }[],
  now: number,
): { readonly results: readonly SettleResult[]; readonly entries: readonly NewEntry[] } {
  const due = now + Math.floor(world.random.next() * 150)
  const goals = messages.map((message) => ({ message, to: goalOf(world, due) }))
  const entries = (['waiting', 'held'] as const).flatMap((state): NewEntry[] => {
    const own = goals.filter(({ to }) => to.state === state)
    if (own.length === 0) return []
    world.made += 1
    const positions = own.map(({ message }) => message.position)
    const steps = own.map(({ message }) => message.step + (state === 'waiting' ? 1 : 0))
    return [{ id: `n${world.made}`, lane: 'P1', due, weight: 1, cargo: { kind: 'messages', parcel, positions, steps } }]
  })
  const results = goals.map(({ message: { position, step }, to }) => {
    const events = [{ step, kind: 'sent' as const }]
    return { position, step, to, events }
  })
  return { results, entries }
}

function goalOf(world: World, due: number): Settled {
  const reason = { code: 'retry-later' }
  if (world.trouble && chance(world, 0.2)) return { state: 'waiting', due, reason, progress: '{"tried":1}' }
  if (world.trouble && chance(world, 0.1)) return { state: 'held', due, reason }
  if (chance(world, 0.1)) return { state: 'done', outcome: 'rejected', reason: { code: 'provider-rejected' } }
  return { state: 'done', outcome: 'sent' }
}

/** Cancels and puts off whatever it comes across. */
async function operate(world: World, ledger: Ledger): Promise<void> {
  const ids = [...world.parcels.keys()].flatMap((id) => Array.from({ length: size }, (_, at) => messageId(id, at)))
  while (world.trouble) {
    const id = ids[Math.floor(world.random.next() * ids.length)] ?? ''
    if (chance(world, 0.3)) await ledger.cancel([id])
    else {
      const [message] = await ledger.get([id])
      const due = (await ledger.now()) + 50
      const { state = 'done', step = 0 } = message ?? {}
      const to: Settled = { state: state === 'held' ? 'held' : 'waiting', due, reason: { code: 'rescheduled' } }
      world.made += 1
      const entry = { id: `c${world.made}`, lane: 'P0', weight: 1 } as const
      await ledger.change([{ id, step, from: ['waiting', 'held'], to, entry, events: [] }])
    }
    await wait(5)
  }
}

it.each([1, 2])(
  'whatever workers and operators do at once, every message ends, and none is begun twice (seed %s)',
  async (seed) => {
    const subject = await redisSubject(space.url, { retention: '500ms', history: false })
    const other = subject.peer?.ledger ?? subject.ledger
    const parcels = Array.from({ length: parcelCount }, () => newParcel({ size }))
    const world: World = {
      begun: new Set(),
      twice: [],
      random: seededRandom(seed),
      parcels: new Map(parcels.map((parcel) => [parcel.id, parcel])),
      trouble: true,
      made: 0,
    }
    try {
      await subject.ledger.accept(parcels)
      const workers = [subject.ledger, other, subject.ledger, other, other].map(async (ledger) => work(world, ledger))
      const operators = [operate(world, subject.ledger), operate(world, other)]
      await wait(3_000)
      world.trouble = false
      await Promise.all([...workers, ...operators])
      expect(world.twice).toEqual([])
      expect(await subject.ledger.pending({}, 100)).toEqual([])
      const ids = parcels.flatMap(({ id, messages }) => messages.map((_, position) => messageId(id, position)))
      const left = (await subject.ledger.get(ids)).filter(
        (message) => message !== undefined && message.state !== 'done',
      )
      expect(left).toEqual([])
      expect(world.begun.size).toBeGreaterThan(parcelCount * size * 0.8)
      await subject.advance(600)
      while ((await other.sweep(100)).more) await wait(1)
      expect(
        (await subject.ledger.get(ids)).every((message) => message === undefined),
        'all of it is forgotten',
      ).toBe(true)
    } finally {
      world.trouble = false
      await subject.close()
    }
  },
  60_000,
)
