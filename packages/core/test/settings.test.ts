// Weights of splits, what listeners and gates are told, and calls of untyped code to the readers.
import { createReach, message, split } from '@reachkit/core'
import type { AttemptReport, Gate, ReachEvent } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { errorOf } from './support/error-of.js'
import { everybody, signal, untyped } from './support/signals.js'
import { createWorld } from './support/world.js'

function setUp(options: { readonly gates?: readonly Gate[]; readonly onEvent?: (event: ReachEvent) => void } = {}) {
  const world = createWorld()
  const [lamp, horn] = [signal('lamp'), signal('horn')]
  const route = split(['lamp', 1], ['horn', 1])
  const parted = message('parted', {
    module: 'shop',
    line: 'toys',
    content: { lamp: { text: 'x' }, horn: { text: 'x' } },
    route,
  })
  const channels = { lamp: lamp.channel, horn: horn.channel }
  const reach = world.open(
    createReach({ ...world.base, messages: [parted], channels, directory: everybody, ...options }),
  )
  const send = async (count: number): Promise<void> => {
    const to = Array.from({ length: count }, (_, index) => `u${index}`)
    await world.until((await reach.notify('parted', to)).settled())
    await world.clock.advance(1)
  }
  return { ...world, reach, send, counts: () => [lamp.requests.length, horn.requests.length] }
}

describe('The weights of a split in a route', () => {
  it('are changed while it runs, by the key of the message type.', async () => {
    const { reach, send, counts } = setUp()
    await send(60)
    expect(Math.min(...counts())).toBeGreaterThan(10)
    const [lampBefore = 0, hornBefore = 0] = counts()
    await reach.weights.set('parted', { lamp: 0 })
    await send(20)
    expect(counts()).toEqual([lampBefore, hornBefore + 20])
    expect(await reach.weights.get('parted')).toEqual({ lamp: 0, horn: 1 })
  })

  it('are refused where they are none, and nothing changes.', async () => {
    const { reach } = setUp()
    expect((await errorOf(() => reach.weights.set('parted', { lamp: 0, horn: 0 }))).code).toBe('REACH_WEIGHTS_INVALID')
    expect((await errorOf(() => reach.weights.set('parted', { drum: 1 }))).message).toContain('there are lamp, horn')
    expect(await reach.weights.get('parted')).toEqual({ lamp: 1, horn: 1 })
  })
})

describe('Who is told', () => {
  it('A gate that wants to know hears how each attempt ended, and how long it took.', async () => {
    const reports: AttemptReport[] = []
    const breaker: Gate = {
      specVersion: 1,
      name: 'breaker',
      phase: 'delivery',
      check: (items) => items.map(() => ({ kind: 'pass' })),
      attempted: (some) => void reports.push(...some),
    }
    const { send } = setUp({ gates: [breaker] })
    await send(3)
    expect(reports.map(({ outcome, tookMs }) => [outcome.kind, tookMs >= 0])).toEqual(
      [0, 1, 2].map(() => ['sent', true]),
    )
    expect(reports[0]?.item).toMatchObject({ type: 'parted', provider: expect.stringMatching(/lamp|horn/) })
  })

  it('A listener hears what history is told; one that throws changes nothing.', async () => {
    const heard: string[] = []
    const { send, reach } = setUp({
      onEvent(event) {
        if (event.kind === 'message') heard.push(event.event.kind)
        throw new Error('listener')
      },
    })
    await send(1)
    expect(heard).toEqual(['sent', 'done'])
    expect((await reach.list()).rows.map(({ outcome }) => outcome)).toEqual(['sent'])
  })
})

describe('Readers that are asked wrongly', () => {
  it('refuse it with a code that names the field.', async () => {
    const { reach } = setUp()
    const wrong: readonly (readonly [() => unknown, string])[] = [
      [() => reach.list(untyped<object>({ tpye: 'x' })), "Did you mean 'type'?"],
      [() => reach.list({ from: untyped<Date>('2026-01-01') }), 'from must be a valid Date'],
      [() => reach.list({}, { limit: -1 }), 'limit must be a whole number of at least 1'],
      [() => reach.get(untyped<string>(undefined)), 'the id of a message is a string'],
      [() => reach.cancel(untyped<string>(5)), 'the id of a message is a string'],
      [() => reach.drain(untyped<object>({ maxMS: 1 })), "Did you mean 'maxMs'?"],
      [() => reach.stop(untyped<object>({ timout: '1s' })), "Did you mean 'timeout'?"],
      [() => reach.receipts.record([{ kind: untyped<'read'>('nope'), messageId: 'x.0' }]), 'the kind of a receipt'],
    ]
    for (const [call, text] of wrong) expect((await errorOf(call)).message).toContain(text)
  })

  it('list by module and line.', async () => {
    const { reach, send } = setUp()
    await send(2)
    expect((await reach.list({ module: 'shop', line: 'toys' })).rows.length).toBe(2)
    expect((await reach.list({ module: 'other' })).rows).toEqual([])
  })
})
