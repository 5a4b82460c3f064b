import { all, createReach, firstOf, message, pass, rejected, retry, sent, unknown } from '@reachkit/core'
import type { ConsumingGate, DeliveryOutcome, Gate, GateItem, Verdict } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { everybody, signal } from './support/signals.js'
import type { Answer } from './support/signals.js'
import { createWorld } from './support/world.js'

type Answers = readonly (DeliveryOutcome | Answer)[] | Answer

function setUp(gates: readonly Gate[], answers: { lamp?: Answers; horn?: Answers } = {}) {
  const world = createWorld()
  const lamp = signal('lamp', answers.lamp)
  const horn = signal('horn', answers.horn)
  const data = z.object({ text: z.string().optional() })
  const content = { lamp: { text: '{{ text | default: "x" }}' }, horn: { text: 'x' } }
  const alarm = message('alarm', { data, content, category: 'alarms', route: firstOf('lamp', 'horn') })
  const both = message('both', { data, content, route: all('lamp', 'horn') })
  const needs = message('needs', { data, content: { lamp: { text: '{{ text }}' }, horn: { text: 'x' } } })
  const channels = { lamp: lamp.channel, horn: horn.channel }
  const reach = world.open(
    createReach({ ...world.base, messages: [alarm, both, needs], channels, directory: everybody, gates }),
  )
  return { ...world, reach, lamp: lamp.requests, horn: horn.requests }
}

const gate = (phase: Gate['phase'], check: Gate['check'], name = 'rule'): Gate => ({
  specVersion: 1,
  name,
  phase,
  check,
})
const stop = (verdict: Verdict) => (items: readonly GateItem[]) => items.map(() => verdict)

/** Counts what is taken under each reservation, as a budget would. */
function counting(
  verdicts: (item: GateItem) => Verdict = () => pass,
): ConsumingGate & { readonly told: string[]; open(): string[] } {
  const told: string[] = []
  const taken = new Map<string, Set<string>>()
  const drop = (kind: string, reservation: string, ids: readonly string[] | undefined): void => {
    const held = taken.get(reservation) ?? new Set()
    for (const id of ids ?? [...held]) if (held.delete(id)) told.push(`${kind} ${id.slice(id.indexOf('/') + 1)}`)
  }
  return {
    specVersion: 1,
    name: 'counting',
    phase: 'delivery',
    told,
    open: () => [...taken.values()].flatMap((ids) => [...ids]),
    check: (items) => items.map(() => pass),
    take: (items, reservation) =>
      items.map((item) => {
        const verdict = verdicts(item)
        if (verdict.kind !== 'pass') return verdict
        taken.set(reservation, (taken.get(reservation) ?? new Set()).add(item.id))
        told.push(`take ${item.channel}`)
        return verdict
      }),
    confirm: (reservation, ids) => drop('confirm', reservation, ids),
    release: (reservation, ids) => drop('release', reservation, ids),
  }
}

describe('A gate', () => {
  it('of the message phase sees the message once a step; of the delivery phase each channel anew.', async () => {
    const seen: unknown[] = []
    const look = (phase: Gate['phase']) =>
      gate(phase, (items) => {
        seen.push(
          ...items.map(({ type, channel, provider, address, recipient }) => ({
            type,
            channel,
            provider,
            address,
            recipient,
          })),
        )
        return items.map(() => pass)
      })
    const { reach, until } = setUp([look('message'), look('delivery')], { lamp: () => rejected('no') })
    await until((await reach.notify('alarm', 'u1', {})).settled())
    expect(seen.length).toBe(4)
    expect(seen[1]).toMatchObject({ type: 'alarm', provider: 'lamp', address: 'lamp of u1', recipient: { id: 'u1' } })
  })

  it('that rejects ends the message, and nothing is sent.', async () => {
    const { reach, until, lamp, horn } = setUp([
      gate('message', stop({ kind: 'reject', reason: { code: 'opted-out' } })),
    ])
    expect(await until((await reach.notify('alarm', 'u1', {})).settled())).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'opted-out' },
    })
    expect([lamp.length, horn.length]).toEqual([0, 0])
  })

  it('that rejects a channel lets the route go on.', async () => {
    const { reach, until, lamp, horn } = setUp([
      gate('delivery', (items) =>
        items.map(({ channel }) => (channel === 'lamp' ? { kind: 'reject', reason: { code: 'night' } } : pass)),
      ),
    ])
    const { id, settled } = await reach.notify('alarm', 'u1', {})
    expect(await until(settled())).toMatchObject({ outcome: 'sent' })
    expect([lamp.length, horn.length]).toEqual([0, 1])
    expect(await reach.timeline(id)).toContainEqual(
      expect.objectContaining({ kind: 'rejected', channel: 'lamp', reason: 'night' }),
    )
  })

  it.each(['message', 'delivery'] as const)(
    'of the %s phase that defers is asked again then, and history says why.',
    async (phase) => {
      let open = false
      const { reach, clock, lamp } = setUp([
        gate(phase, (items, { now }) =>
          items.map(() => (open ? pass : { kind: 'defer', until: now + 60_000, reason: { code: 'quiet-hours' } })),
        ),
      ])
      const { id } = await reach.notify('alarm', 'u1', {})
      await clock.advance('59s')
      expect(await reach.get(id)).toMatchObject({ state: 'waiting', reason: { code: 'quiet-hours' } })
      open = true
      await clock.advance('2s')
      expect(await reach.get(id)).toMatchObject({ outcome: 'sent' })
      expect(lamp.map(({ attempt }) => attempt)).toEqual([1])
      expect(await reach.timeline(id)).toContainEqual(
        expect.objectContaining({ kind: 'deferred', reason: 'quiet-hours' }),
      )
    },
  )

  it('gets the note of its deferral back, and no other gate does.', async () => {
    const notes: string[] = []
    const noting = (name: string): Gate => {
      let deferred = false
      return gate(
        'delivery',
        (items, { now }) => {
          notes.push(...items.map(({ note }) => `${name}: ${note}`))
          if (deferred) return items.map(() => pass)
          deferred = true
          return items.map(() => ({
            kind: 'defer',
            until: now + 1_000,
            reason: { code: 'later' },
            note: `token of ${name}`,
          }))
        },
        name,
      )
    }
    const { reach, until } = setUp([noting('a'), noting('b')], { lamp: [retry()] })
    await until((await reach.notify('alarm', 'u1', {})).settled())
    expect(notes).toEqual([
      'a: undefined',
      'a: token of a',
      'b: undefined',
      'a: token of a',
      'b: token of b',
      // The attempt has used them up: they are not good for another one.
      'a: undefined',
      'b: undefined',
    ])
  })

  it('A note belongs to the channel that was put off.', async () => {
    const notes = new Map<string | undefined, (string | undefined)[]>()
    const { reach, until } = setUp([
      gate('delivery', (items, { now }) =>
        items.map(({ channel, note }) => {
          notes.set(channel, [...(notes.get(channel) ?? []), note])
          return note === undefined
            ? { kind: 'defer', until: now + 1_000, reason: { code: 'later' }, note: `for ${channel}` }
            : pass
        }),
      ),
    ])
    expect(await until((await reach.notify('both', 'u1', {})).settled())).toMatchObject({ outcome: 'sent' })
    expect(notes.get('lamp')?.at(-1)).toBe('for lamp')
    expect(notes.get('horn')?.at(-1)).toBe('for horn')
  })

  it('may send a message another way, at most three times.', async () => {
    const to = (name: string) => gate('message', stop({ kind: 'reroute', to: [name], reason: { code: 'online' } }))
    const once = setUp([to('horn')])
    await once.until((await once.reach.notify('alarm', 'u1', {})).settled())
    expect([once.lamp.length, once.horn.length]).toEqual([0, 1])
    const often = setUp([to('horn')], { horn: () => retry() })
    const { id, settled } = await often.reach.notify('alarm', 'u1', {})
    expect(await often.until(settled())).toMatchObject({ outcome: 'rejected', reason: { code: 'reroutes-exhausted' } })
    expect((await often.reach.timeline(id)).filter(({ kind }) => kind === 'rerouted').length).toBe(3)
  })

  it('of the delivery phase that reroutes without end ends.', async () => {
    const ping = (items: readonly GateItem[]): Verdict[] =>
      items.map(({ channel }) => ({
        kind: 'reroute',
        to: [channel === 'lamp' ? 'horn' : 'lamp'],
        reason: { code: 'other' },
      }))
    const { reach, until, lamp, horn } = setUp([gate('delivery', ping)])
    expect(await until((await reach.notify('alarm', 'u1', {})).settled())).toMatchObject({ outcome: 'rejected' })
    expect([lamp.length, horn.length]).toEqual([0, 0])
  })

  it('that gives up a channel lets the route go on; one that names a channel that is not wired ends it.', async () => {
    const giveUp = setUp([
      gate('delivery', (items) =>
        items.map(({ channel }) => (channel === 'lamp' ? { kind: 'reroute', reason: { code: 'dear' } } : pass)),
      ),
    ])
    await giveUp.until((await giveUp.reach.notify('alarm', 'u1', {})).settled())
    expect([giveUp.lamp.length, giveUp.horn.length]).toEqual([0, 1])
    const nowhere = setUp([gate('message', stop({ kind: 'reroute', to: ['smoke'], reason: { code: 'odd' } }))])
    expect(await nowhere.until((await nowhere.reach.notify('alarm', 'u1', {})).settled())).toMatchObject({
      outcome: 'rejected',
      reason: { code: 'channel-unavailable' },
    })
  })
})

describe('A gate that uses something up', () => {
  const outcomeOf = async (budget: ConsumingGate, answers: Answers, key: 'alarm' | 'both' | 'needs' = 'alarm') => {
    const world = setUp([budget], { lamp: answers })
    const { id, settled } = await world.reach.notify(key, 'u1', {})
    return { ...world, id, settled: await world.until(settled()) }
  }

  it('is confirmed for what was sent.', async () => {
    const budget = counting()
    await outcomeOf(budget, [])
    expect(budget.told).toEqual(['take lamp', 'confirm lamp'])
  })

  it('gets back what was refused, and what is tried again.', async () => {
    const budget = counting()
    await outcomeOf(budget, [retry(), rejected('no')])
    expect(budget.told).toEqual(['take lamp', 'release lamp', 'take lamp', 'release lamp', 'take horn', 'confirm horn'])
    expect(budget.open()).toEqual([])
  })

  it('keeps what is held.', async () => {
    const budget = counting()
    const { settled } = await outcomeOf(budget, () => unknown())
    expect(settled.state).toBe('held')
    expect(budget.told).toEqual(['take lamp'])
    expect(budget.open().length).toBe(1)
  })

  it('is confirmed, or gets it back, when what was held is resolved.', async () => {
    for (const [kind, told] of [
      ['delivered', 'confirm lamp'],
      ['bounced', 'release lamp'],
    ] as const) {
      const budget = counting()
      const { reach, id, until } = await outcomeOf(budget, () => unknown())
      await until(reach.receipts.record([{ messageId: id, channel: 'lamp', kind }]))
      expect(budget.told.slice(0, 2)).toEqual(['take lamp', told])
    }
  })

  it('is not asked for content that cannot be made.', async () => {
    const budget = counting()
    await outcomeOf(budget, [], 'needs')
    expect(budget.told).toEqual(['take horn', 'confirm horn'])
  })

  it('gets back what another gate, or itself, stops after it.', async () => {
    const budget = counting()
    const strict: ConsumingGate = {
      ...counting(({ channel }) => (channel === 'lamp' ? { kind: 'reject', reason: { code: 'cap' } } : pass)),
      name: 'strict',
    }
    const { reach, until } = setUp([budget, strict])
    await until((await reach.notify('alarm', 'u1', {})).settled())
    expect(budget.told).toEqual(['take lamp', 'release lamp', 'take horn', 'confirm horn'])
  })

  it('gets back what the other channels of a message took, where one of them is stopped.', async () => {
    let asked = 0
    const budget = counting(({ channel }) =>
      channel === 'horn' && (asked += 1) === 1 ? { kind: 'reject', reason: { code: 'cap' } } : pass,
    )
    const { reach, until, lamp } = setUp([budget])
    expect(await until((await reach.notify('both', 'u1', {})).settled())).toMatchObject({ outcome: 'partly-sent' })
    expect(budget.open()).toEqual([])
    expect(budget.told.filter((told) => told === 'confirm lamp').length).toBe(1)
    expect(lamp.length).toBe(1)
  })

  it('gets it back when the message is cancelled between take and begin.', async () => {
    let cancel = async (): Promise<unknown> => undefined
    const budget = counting()
    const late: ConsumingGate = {
      ...counting(),
      name: 'late',
      take: async (items) => {
        await cancel()
        return items.map(() => pass)
      },
      confirm: () => {},
      release: () => {},
    }
    const { reach, clock, lamp } = setUp([budget, late])
    const { id } = await reach.notify('alarm', 'u1', {}, { after: '1s' })
    cancel = async () => reach.cancel(id)
    await clock.advance('2s')
    expect(await reach.get(id)).toMatchObject({ outcome: 'cancelled' })
    expect(lamp).toEqual([])
    expect(budget.told).toEqual(['take lamp', 'release lamp'])
  })

  it('that throws while it takes lets nothing through; that throws while it ends stops nothing.', async () => {
    let away = true
    const budget: ConsumingGate = {
      ...counting(),
      take: (items) => {
        if (away) throw new Error('away')
        return items.map(() => pass)
      },
      confirm: () => {
        throw new Error('away')
      },
    }
    const { reach, clock, lamp } = setUp([budget])
    const { id } = await reach.notify('alarm', 'u1', {})
    await clock.advance('1s')
    expect([lamp.length, (await reach.get(id))?.reason?.code]).toEqual([0, 'gate-failed'])
    away = false
    await clock.advance('6s')
    expect(await reach.get(id)).toMatchObject({ outcome: 'sent' })
    expect(lamp.length).toBe(1)
  })

  it('One reservation is for one slice; all of it is taken in one call.', async () => {
    const sizes: number[] = []
    const budget = counting()
    const { reach, clock } = setUp(
      [
        {
          ...budget,
          take: (items, ...rest) => {
            sizes.push(items.length)
            return budget.take(items, ...rest)
          },
        } as ConsumingGate,
      ],
      { lamp: () => sent() },
    )
    await reach.notify(
      'alarm',
      Array.from({ length: 30 }, (_, index) => `u${index}`),
      {},
    )
    await clock.advance('1s')
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBe(30)
    expect(sizes.length).toBeLessThan(5)
    expect(budget.open()).toEqual([])
  })
})
