// The ways of a message, twice: once as they are, once by two engines whose pools lose 10 % and double 10 %.
import { all, createReach, failover, firstOf, memoryStore, message, rejected, retry, sent, split } from '@reachkit/core'
import type { NotifyOptions, Pool, Random, Route } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { sharedStore } from './support/shared-store.js'
import { everybody, signal } from './support/signals.js'
import type { Answer, SignalName } from './support/signals.js'
import { lossyPool, seededRandom } from './support/testing.js'
import { createWorld } from './support/world.js'

interface Scenario {
  readonly route: Route<SignalName>
  /** By the request alone, so that every run answers alike; what is left out is sent. */
  readonly answers?: Partial<Record<SignalName, Answer>>
  readonly options?: (index: number) => NotifyOptions
}

const everyThird = (id: string): boolean => Number(id.slice(1)) % 3 === 0
const twiceBusy: Answer = ({ attempt, idempotencyKey }) => (attempt < 3 ? retry() : sent(idempotencyKey))
const refusesSome: Answer = ({ recipient, idempotencyKey }) =>
  everyThird(recipient.id) ? rejected('full') : sent(idempotencyKey)
const lanes = ['P0', 'P1', 'P2', 'P3'] as const

const scenarios: Record<string, Scenario> = {
  retry: { route: firstOf('lamp'), answers: { lamp: twiceBusy } },
  'retry until the attempts are used up': { route: firstOf('lamp'), answers: { lamp: () => retry() } },
  failover: { route: firstOf('drum') },
  firstOf: { route: firstOf('lamp', 'horn'), answers: { lamp: refusesSome } },
  'firstOf, unless a receipt comes': { route: firstOf('lamp', 'horn').unless('delivered', { within: '20s' }) },
  all: { route: all('lamp', 'horn'), answers: { lamp: refusesSome, horn: twiceBusy } },
  split: { route: split(['lamp', 1], ['horn', 1]).stickyBy('recipient'), answers: { lamp: twiceBusy } },
  schedule: { route: firstOf('lamp'), options: (index) => ({ after: `${index % 30}s` }) },
  'P0 among others': {
    route: firstOf('lamp'),
    answers: { lamp: twiceBusy },
    options: (index) => ({ priority: lanes[index % 4] ?? 'P2' }),
  },
}

const count = 60
const content = { lamp: { text: 'x' }, horn: { text: 'x' }, drum: { text: 'x' } }

interface Faults {
  lost: number
  doubled: number
}

/** Chance as it is, counting what a lossy pool does by it. */
function counting(random: Random, faults: Faults): Random {
  return {
    next() {
      const drawn = random.next()
      if (drawn < 0.1) faults.lost += 1
      else if (drawn < 0.2) faults.doubled += 1
      return drawn
    },
    bytes: (length) => random.bytes(length),
  }
}

/** What an attempt was made by, for whom and how long after the start. */
interface Asked {
  readonly provider: string
  readonly recipient: string
  readonly afterMs: number
}

function wire(answers: Partial<Record<SignalName, Answer>>, note: (provider: string, recipient: string) => void) {
  const provided = <const Name extends SignalName>(name: Name, provider: string, answer: Answer | undefined) => {
    const noted: Answer = (request, context, index) => {
      note(provider, request.recipient.id)
      return answer === undefined ? sent(request.idempotencyKey) : answer(request, context, index)
    }
    return signal(name, noted, { provider }).channel
  }
  const busy = provided('drum', 'busy', () => retry())
  return {
    lamp: provided('lamp', 'lamp', answers.lamp),
    horn: provided('horn', 'horn', answers.horn),
    drum: failover(busy, provided('drum', 'standby', answers.drum)),
  }
}

/** How each of the messages ended and who was asked to send it; one engine for each pool. */
async function run({ route, answers = {}, options = () => ({}) }: Scenario, pools: readonly ((pool: Pool) => Pool)[]) {
  const world = createWorld()
  const began = world.clock.now()
  const parts = await memoryStore().open(world.base)
  const asked: Asked[] = []
  const note = (provider: string, recipient: string) => {
    asked.push({ provider, recipient, afterMs: world.clock.now() - began })
  }
  const alarm = message('alarm', { content, route, ttl: '2m', retry: { attempts: 4, base: '1s', cap: '5s' } })
  const engines = pools.map((pool) => {
    const wired = { store: sharedStore(parts, pool), channels: wire(answers, note), directory: everybody }
    return world.open(createReach({ ...world.base, ...wired, messages: [alarm] }))
  })
  for (const engine of engines) await engine.start()
  const ids: string[] = []
  for (let index = 0; index < count; index += 1) {
    const accepted = await engines[index % engines.length]?.notify('alarm', `u${index}`, undefined, options(index))
    ids.push(accepted?.id ?? '')
  }
  await world.clock.advance('3m')
  const ends = (await parts.ledger.get(ids)).map((record, index) => {
    const own = asked.filter(({ recipient }) => recipient === `u${index}`)
    const inTime = own.every(({ afterMs }) => afterMs >= Number.parseInt(options(index).after ?? '0s', 10) * 1_000)
    const by = own.map(({ provider }) => provider).toSorted()
    return { state: record?.state, outcome: record?.outcome, reason: record?.reason?.code, by, inTime }
  })
  return { ends, pending: await parts.ledger.pending({}, 10) }
}

describe('Under pools that lose 10 % and double 10 %', () => {
  it.each(Object.entries(scenarios))(
    '%s: ends as without them, and no attempt is made twice.',
    async (_name, scenario) => {
      const steady = await run(scenario, [(pool) => pool])
      expect(steady.ends.filter(({ state, inTime }) => state !== 'done' || !inTime)).toEqual([])
      const faults: Faults = { lost: 0, doubled: 0 }
      const lossy = (seed: number) => (pool: Pool) => lossyPool(pool, { random: counting(seededRandom(seed), faults) })
      const { ends, pending } = await run(scenario, [lossy(1), lossy(2)])
      expect(ends).toEqual(steady.ends)
      expect(pending).toEqual([])
      expect(Math.min(faults.lost, faults.doubled), 'it was put to the test').toBeGreaterThan(0)
    },
  )
})
