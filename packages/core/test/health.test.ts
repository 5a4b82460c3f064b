// Weights that follow health, from end to end: two engines on one store, providers that fall ill and get well.
import { createReach, failover, memoryStore, message, rejected, retry, sent, weighted } from '@reachkit/core'
import type { HealthEvent, HealthOptions, ReachEvent } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { sharedStore } from './support/shared-store.js'
import { everybody, signal } from './support/signals.js'
import type { Answer, RecordedSignal } from './support/signals.js'
import { createWorld } from './support/world.js'

const ping = message('ping', { content: { lamp: { text: 'x' } }, retry: { attempts: 2 } })
const people = Array.from({ length: 100 }, (_, index) => `u${index}`)

interface Told extends HealthEvent {
  readonly provider: string
}

/** Two engines, each with an own object for the same two providers. */
async function setUp(kind: 'weighted' | 'failover', health?: boolean | HealthOptions) {
  const world = createWorld()
  const parts = await memoryStore().open(world.base)
  const answers: { first: Answer; second: Answer } = { first: () => sent(), second: () => sent() }
  const told: Told[] = []
  const open = () => {
    const first = signal('lamp', (...given) => answers.first(...given), { provider: 'first' })
    const second = signal('lamp', (...given) => answers.second(...given), { provider: 'second' })
    const lamp =
      kind === 'weighted'
        ? weighted([first.channel, 50], [second.channel, 50])
        : failover(first.channel, second.channel)
    const onEvent = (event: ReachEvent): void => {
      if (event.kind === 'health') told.push({ provider: event.provider, ...event.event })
    }
    const base = { ...world.base, store: sharedStore(parts), directory: everybody, onEvent, health }
    const reach = world.open(createReach({ ...base, messages: [ping], channels: { lamp } }))
    return { reach, first, second }
  }
  const engines = [open(), open()] as const
  for (const { reach } of engines) await reach.start()
  /** Both send to everybody, each ten seconds; answers what each provider got. */
  const minutes = async (count: number): Promise<{ first: number; second: number }> => {
    const seen = (): { first: number; second: number } => ({
      first: sum(engines.map(({ first }) => first)),
      second: sum(engines.map(({ second }) => second)),
    })
    const before = seen()
    for (let time = 0; time < count * 6; time += 1) {
      for (const { reach } of engines) await reach.notify('ping', people)
      await world.clock.advance('10s')
    }
    const after = seen()
    return { first: after.first - before.first, second: after.second - before.second }
  }
  return { ...world, engines, answers, told, minutes, parts }
}

const sum = (signals: readonly RecordedSignal<'lamp'>[]): number =>
  signals.reduce((all, { requests }) => all + requests.length, 0)
const partOfFirst = ({ first, second }: { first: number; second: number }): number => first / (first + second)
const moves = (told: readonly Told[]): readonly string[] =>
  told.map(({ provider, from, to, reason }) => `${provider} ${from}>${to} ${reason}`)

describe('A provider that fails', () => {
  it('loses its weight in steps, is probed, and has it back in steps; each move is told once, with its numbers.', async () => {
    const { answers, told, minutes } = await setUp('weighted')
    expect(partOfFirst(await minutes(2))).toBeGreaterThan(0.4)
    expect(told).toEqual([])

    answers.first = () => retry(undefined, 'http 503')
    await minutes(8)
    const down = ['first 1>0.5 errors', 'first 0.5>0.25 errors', 'first 0.25>0.1 errors', 'first 0.1>0 errors']
    expect(moves(told).slice(0, 4)).toEqual(down)
    expect(new Set(moves(told).slice(4))).toEqual(new Set(['first 0>0 probe-failed']))
    const [move] = told
    expect(move).toMatchObject({ weights: { first: 25, second: 50 }, windowMs: 60_000 })
    expect(move?.attempts).toBeGreaterThanOrEqual(50)
    expect((move?.errors ?? 0) / (move?.attempts ?? 1)).toBeGreaterThan(0.2)

    const probed = await minutes(3)
    // Three a window and process, and nobody waits for a fourth.
    expect(probed.first).toBeGreaterThan(0)
    expect(probed.first).toBeLessThanOrEqual(2 * 3 * 4)

    told.length = 0
    answers.first = () => sent()
    await minutes(9)
    // A probe that was under way may have failed yet.
    const up = moves(told).filter((one) => !one.endsWith('probe-failed'))
    expect(up).toEqual(['first 0>0.1 well', 'first 0.1>0.25 well', 'first 0.25>0.5 well', 'first 0.5>1 well'])
    expect(partOfFirst(await minutes(2))).toBeGreaterThan(0.4)
  })

  it('keeps its weight where the other one fails too.', async () => {
    const { answers, told, minutes } = await setUp('weighted')
    answers.first = answers.second = () => retry(undefined, 'http 503')
    expect(partOfFirst(await minutes(6))).toBeGreaterThan(0.4)
    expect(told).toEqual([])
  })

  it('keeps its weight where it only rejects: that is the messages own fault.', async () => {
    const { answers, told, minutes } = await setUp('weighted')
    answers.first = () => rejected('http 400')
    await minutes(4)
    expect(told).toEqual([])
  })

  it('gives way to its standby, and has everything back.', async () => {
    const { answers, told, minutes } = await setUp('failover')
    expect((await minutes(1)).second).toBe(0)
    answers.first = () => retry(undefined, 'http 503')
    await minutes(6)
    const away = await minutes(2)
    expect(away.first).toBeLessThanOrEqual(2 * 3 * 3)
    expect(away.second).toBe(2 * 6 * 200)
    answers.first = () => sent()
    await minutes(9)
    expect(moves(told).at(-1)).toBe('first 0.5>1 well')
    expect((await minutes(1)).second).toBe(0)
  })
})

describe('A provider that is slow', () => {
  it('loses weight, though everything it takes is sent.', async () => {
    const { answers, told, minutes, clock } = await setUp('weighted', { slow: '2s' })
    answers.first = async () => {
      await new Promise<void>((resolve) => clock.setTimer(3_000, resolve))
      return sent()
    }
    await minutes(3)
    expect(moves(told)[0]).toBe('first 1>0.5 slow')
  })
})

describe('health: false', () => {
  it('leaves the weights as they were set, and nothing is written.', async () => {
    const { answers, told, minutes, parts } = await setUp('weighted', false)
    answers.first = () => retry(undefined, 'http 503')
    // Half of all try it first, and go on to the other one.
    expect(partOfFirst(await minutes(4))).toBeGreaterThan(0.3)
    expect(told).toEqual([])
    expect(await parts.state.read(['health/lamp'])).toEqual([{ text: undefined, version: 0 }])
  })
})

describe('A process that starts later', () => {
  it('takes over what the others found.', async () => {
    const { answers, minutes, base, parts, open, engines, clock } = await setUp('weighted')
    answers.first = () => retry(undefined, 'http 503')
    await minutes(7)
    const first = signal('lamp', [], { provider: 'first' })
    const second = signal('lamp', [], { provider: 'second' })
    const lamp = weighted([first.channel, 50], [second.channel, 50])
    const options = { ...base, store: sharedStore(parts), directory: everybody, messages: [ping], channels: { lamp } }
    const late = open(createReach(options))
    for (const { reach } of engines) await reach.stop({ timeout: '0s' })
    await late.notify('ping', people)
    await clock.advance('1s')
    expect(second.requests).toHaveLength(100)
    expect(await late.weights.get('lamp')).toEqual({ first: 50, second: 50 })
  })
})
