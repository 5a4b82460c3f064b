// Gates that throw or hang: they are asked ever more seldom, and a timeline does not grow by it.
import { createReach, message, pass, retry } from '@reachkit/core'
import type { ConsumingGate, Gate, Verdict } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { everybody, signal } from './support/signals.js'
import { createWorld } from './support/world.js'

function setUp(gates: readonly Gate[], seed = 1) {
  const world = createWorld(seed)
  const lamp = signal('lamp', [retry()])
  const ping = message('ping', { content: { lamp: { text: 'x' } } })
  const reach = world.open(
    createReach({ ...world.base, messages: [ping], channels: { lamp: lamp.channel }, directory: everybody, gates }),
  )
  const deferrals = async (id: string) => (await reach.timeline(id)).filter(({ kind }) => kind === 'deferred')
  return { ...world, reach, lamp: lamp.requests, deferrals }
}

type How = 'message' | 'delivery' | 'take'

/** A gate that is away until `back`, and keeps when it was asked. */
function flaky(how: How, now: () => number) {
  const asked: number[] = []
  const state = { away: true }
  const answer = (items: readonly unknown[]): Verdict[] => {
    asked.push(now())
    if (state.away) throw new Error('away')
    return items.map(() => pass)
  }
  const base = { specVersion: 1, name: 'flaky', phase: how === 'message' ? 'message' : 'delivery' } as const
  const consuming: ConsumingGate = {
    ...base,
    check: (items) => items.map(() => pass),
    take: answer,
    confirm: () => {},
    release: () => {},
  }
  const gate: Gate = how === 'take' ? consuming : { ...base, check: answer }
  return { gate, asked, state }
}

describe('A gate that is away', () => {
  it.each(['message', 'delivery', 'take'] as const)(
    'is asked ever more seldom, up to every five minutes, and told of once (%s).',
    async (how) => {
      let now = (): number => 0
      const { gate, asked, state } = flaky(how, () => now())
      const { reach, clock, lamp, deferrals } = setUp([gate])
      now = () => clock.now()
      const { id } = await reach.notify('ping', 'u1')
      /** How long it was to wait each time. */
      const waits: number[] = []
      while (waits.length < 15) {
        await clock.advance('1s')
        if (asked.length > waits.length) waits.push(Number((await reach.get(id))?.due) - (asked.at(-1) ?? 0))
      }
      for (const [index, wait] of waits.entries()) {
        const least = Math.min(300_000, 5_000 * 2 ** index)
        expect(wait).toBeGreaterThanOrEqual(least)
        expect(wait).toBeLessThanOrEqual(least * 1.25)
      }
      expect(await reach.get(id)).toMatchObject({ state: 'waiting', reason: { code: 'gate-failed', detail: 'flaky' } })
      expect((await deferrals(id)).length).toBe(1)
      state.away = false
      await clock.advance('10m')
      expect(await reach.get(id)).toMatchObject({ state: 'done', outcome: 'sent' })
      expect(lamp.length).toBe(2)
    },
  )

  it('is not asked for all messages at the same moment again.', async () => {
    const dues = new Set<number>()
    for (const seed of [1, 2, 3, 4, 5]) {
      const { gate } = flaky('message', () => 0)
      const { reach, clock } = setUp([gate], seed)
      const { id } = await reach.notify('ping', 'u1')
      await clock.advance('10s')
      const view = await reach.get(id)
      dues.add(Number(view?.due))
    }
    expect(dues.size).toBeGreaterThan(3)
  })

  it('is asked about those together again that it was asked about together.', async () => {
    const { gate, asked } = flaky('message', () => 0)
    const { reach, clock } = setUp([gate])
    await reach.notify('ping', ['u1', 'u2', 'u3', 'u4'])
    await clock.advance('2m')
    expect(asked.length).toBeLessThanOrEqual(5)
  })

  it('begins anew with the short wait after an attempt was made.', async () => {
    let now = (): number => 0
    const { gate, asked, state } = flaky('message', () => now())
    const { reach, clock, lamp } = setUp([gate])
    now = () => clock.monotonic()
    await reach.notify('ping', 'u1')
    await clock.advance('10m')
    state.away = false
    while (lamp.length === 0) await clock.advance(100)
    state.away = true
    const before = asked.length
    await clock.advance('30s')
    expect(asked.length - before).toBeGreaterThanOrEqual(2)
  })

  it('keeps what it noted itself before.', async () => {
    const notes: (string | undefined)[] = []
    const answers: (() => Verdict)[] = [
      () => ({ kind: 'defer', until: 0, reason: { code: 'later' }, note: 'token' }),
      () => {
        throw new Error('away')
      },
    ]
    const gate: Gate = {
      specVersion: 1,
      name: 'noting',
      phase: 'delivery',
      check: (items) =>
        items.map(({ note }) => {
          notes.push(note)
          return answers[notes.length - 1]?.() ?? pass
        }),
    }
    const { reach, until } = setUp([gate])
    await until((await reach.notify('ping', 'u1')).settled())
    expect(notes.slice(0, 3)).toEqual([undefined, 'token', 'token'])
  })
})

describe('History', () => {
  it.each(['message', 'delivery'] as const)(
    'is told of the first deferral and of each change of its reason (%s).',
    async (phase) => {
      const codes = ['night', 'night', 'night', 'busy', 'busy', 'night']
      let asked = 0
      const gate: Gate = {
        specVersion: 1,
        name: 'moody',
        phase,
        check: (items, { now }) =>
          items.map(() => {
            const code = codes[asked++]
            return code === undefined ? pass : { kind: 'defer', until: now + 1_000, reason: { code } }
          }),
      }
      const { reach, until, deferrals } = setUp([gate])
      const { id, settled } = await reach.notify('ping', 'u1')
      await until(settled())
      expect((await deferrals(id)).map(({ reason }) => reason)).toEqual(['night', 'busy', 'night'])
    },
  )
})
