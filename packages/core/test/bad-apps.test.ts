// What the app hands in besides drivers: a directory, gates, content functions, upgrades.
import { all, createReach, memoryStore, message, pass } from '@reachkit/core'
import type { Directory, Gate, Recipient, Verdict } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { sharedStore } from './support/shared-store.js'
import { everybody, signal, untyped } from './support/signals.js'
import { createWorld } from './support/world.js'

const canary = 'canary-7391'
const ping = message('ping', { content: { lamp: { text: 'x' } } })

function setUp(options: { directory?: Directory; gates?: readonly Gate[] }) {
  const world = createWorld()
  const lamp = signal('lamp')
  const reach = world.open(
    createReach({
      ...world.base,
      messages: [ping],
      channels: { lamp: lamp.channel },
      directory: everybody,
      ...options,
    }),
  )
  const outcomes = async (ids: readonly string[]) =>
    Promise.all(ids.map(async (id) => (await reach.get(id))?.outcome ?? (await reach.get(id))?.reason?.code))
  return { ...world, lamp, reach, outcomes }
}

describe('A directory that misbehaves', () => {
  it('One that throws is asked again; the messages wait and say why.', async () => {
    let calls = 0
    let seventh = (): void => {}
    const askedOften = new Promise<void>((resolve) => {
      seventh = resolve
    })
    const { reach, clock, lines, until, outcomes } = setUp({
      directory: {
        async recipients(ids, context) {
          calls += 1
          if (calls === 7) seventh()
          if (calls <= 6) throw new Error(canary)
          return everybody.recipients(ids, context)
        },
      },
    })
    const accepted = await reach.notify('ping', ['u1', 'u2'])
    const waiting = new Promise<void>((resolve) => {
      const look = (): void => {
        if (lines.length > 0) resolve()
        else setTimeout(look, 5)
      }
      look()
    })
    await waiting
    await clock.advance(1)
    expect(await outcomes(accepted.ids)).toEqual(['directory-failed', 'directory-failed'])
    await clock.advance('6s')
    await waiting
    const answered = accepted.settled()
    await askedOften
    expect(await until(answered)).toMatchObject({ outcome: 'sent' })
    expect(JSON.stringify(lines)).not.toContain(canary)
  })

  it('Whom it leaves out is rejected as unknown; the others are sent.', async () => {
    const { reach, clock, outcomes } = setUp({
      directory: {
        recipients: async (ids, context) =>
          everybody.recipients(
            ids.filter((id) => id !== 'u2'),
            context,
          ),
      },
    })
    const { ids } = await reach.notify('ping', ['u1', 'u2', 'u3'])
    await clock.advance('1s')
    expect(await outcomes(ids)).toEqual(['sent', 'rejected', 'sent'])
    expect((await reach.get(ids[1] ?? ''))?.reason?.code).toBe('recipient-unknown')
  })

  it('People without addresses, with null ones and answers of others do no harm to the rest.', async () => {
    const { reach, clock } = setUp({
      directory: {
        recipients: async () =>
          untyped<Recipient[]>([
            { id: 'u1' },
            { id: 'u2', addresses: null },
            { id: 'u3', addresses: { lamp: null } },
            { id: 'nobody' },
            { id: 'u4', addresses: { lamp: 'l4' } },
          ]),
      },
    })
    const { ids } = await reach.notify('ping', ['u1', 'u2', 'u3', 'u4'])
    await clock.advance('1s')
    const views = await Promise.all(ids.map((id) => reach.get(id)))
    expect(views.map((view) => view?.outcome)).toEqual(['rejected', 'rejected', 'rejected', 'sent'])
    expect(views.slice(0, 3).map((view) => view?.reason?.code)).toEqual([
      'address-missing',
      'address-missing',
      'address-missing',
    ])
  })

  it('An id that begins like an unnamed recipient is looked up like any other.', async () => {
    const { reach, until } = setUp({})
    expect(await until((await reach.notify('ping', '~ann')).settled())).toMatchObject({ outcome: 'sent' })
  })

  it('What was sent on one channel is remembered while the directory is away.', async () => {
    const world = createWorld()
    const lamp = signal('lamp')
    const horn = signal('horn', [{ kind: 'retry' }])
    let away = false
    const type = message('all', { content: { lamp: { text: 'x' }, horn: { text: 'x' } }, route: all('lamp', 'horn') })
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [type],
        channels: { lamp: lamp.channel, horn: horn.channel },
        directory: {
          async recipients(ids, context) {
            if (away) return untyped<Recipient[]>(undefined)
            return everybody.recipients(ids, context)
          },
        },
      }),
    )
    const accepted = await reach.notify('all', 'u1')
    await world.clock.advance(1)
    away = true
    await world.clock.advance('2s')
    while (!world.lines.some(({ message: text }) => text.includes('directory')))
      await new Promise((resolve) => setTimeout(resolve, 5))
    away = false
    expect(await world.until(accepted.settled())).toMatchObject({ outcome: 'sent' })
    expect([lamp.requests.length, horn.requests.length]).toEqual([1, 2])
  })

  it('One that hangs does not keep stop() beyond its timeout.', async () => {
    const { reach, clock, until } = setUp({ directory: { recipients: () => new Promise(() => {}) } })
    await reach.notify('ping', 'u1')
    await clock.advance('1s')
    await expect(until(reach.stop({ timeout: '2s' }), 10_000)).resolves.toBeUndefined()
  })
})

describe('A gate that misbehaves', () => {
  const gate = (check: Gate['check'], phase: Gate['phase'] = 'message'): Gate => ({
    specVersion: 1,
    name: 'odd',
    phase,
    check,
  })

  for (const phase of ['message', 'delivery'] as const) {
    it.each<[string, () => unknown]>([
      [
        'throws',
        () => {
          throw new Error(canary)
        },
      ],
      ['answers too few', () => [pass]],
      ['answers no array', () => undefined],
      ['answers undefined', () => [undefined, undefined]],
      ['answers an unknown verdict', () => [{ kind: 'perhaps' }, { kind: 'perhaps' }]],
      [
        'defers until nobody knows',
        () => [
          { kind: 'defer', until: Number.NaN, reason: { code: 'x' } },
          { kind: 'defer', reason: { code: 'x' } },
        ],
      ],
      ['rejects without a reason', () => [{ kind: 'reject' }, { kind: 'reject' }]],
    ])(`One of the ${phase} phase that %s lets nothing through and drops nothing.`, async (_name, answer) => {
      let wrong = true
      const { reach, clock, lines, lamp, outcomes } = setUp({
        gates: [gate((items) => (wrong ? untyped<Verdict[]>(answer()) : items.map(() => pass)), phase)],
      })
      const { ids } = await reach.notify('ping', ['u1', 'u2'])
      await clock.advance('1s')
      expect(lamp.requests).toEqual([])
      expect(await outcomes(ids)).toEqual(['gate-failed', 'gate-failed'])
      expect(JSON.stringify(lines)).not.toContain(canary)
      wrong = false
      await clock.advance('6s')
      expect(await outcomes(ids)).toEqual(['sent', 'sent'])
    })

    it(`One of the ${phase} phase that defers into the past does not spin.`, async () => {
      let asked = 0
      const { reach, clock } = setUp({
        gates: [
          gate((items) => {
            asked += items.length
            if (asked > 10_000) throw new Error('spins')
            return items.map(() => ({ kind: 'defer', until: 0, reason: { code: 'yesterday' } }))
          }, phase),
        ],
      })
      await reach.notify('ping', 'u1')
      await clock.advance('1s')
      expect(asked).toBeGreaterThan(1)
      expect(asked).toBeLessThan(20)
    })
  }

  it('One that hangs does not keep stop() beyond its timeout.', async () => {
    const { reach, clock, until } = setUp({ gates: [gate(() => new Promise(() => {}))] })
    await reach.notify('ping', 'u1')
    await clock.advance('1s')
    await expect(until(reach.stop({ timeout: '2s' }), 10_000)).resolves.toBeUndefined()
  })
})

describe('Content that cannot be made', () => {
  const settle = async (type: Parameters<typeof message>[1] | object, data: object) => {
    const world = createWorld()
    const lamp = signal('lamp')
    const bad = message(
      'bad',
      untyped<{ content: { lamp: { text: string } } }>({ data: z.record(z.string(), z.string()), ...type }),
    )
    const reach = world.open(
      createReach({ ...world.base, messages: [bad], channels: { lamp: lamp.channel }, directory: everybody }),
    )
    const good = await reach.notify('bad', 'u1', untyped({ name: 'Ann' }))
    const { settled } = await reach.notify('bad', 'u2', untyped(data))
    const [one, other] = [await world.until(good.settled()), await world.until(settled())]
    expect(one).toMatchObject({ outcome: 'sent' })
    expect(JSON.stringify([world.lines, other])).not.toContain(canary)
    return other
  }

  it('A template with a missing value names the value.', async () => {
    const { reason } = await settle({ content: { lamp: { text: 'Hello {{ name }}' } } }, { other: canary })
    expect(reason?.code).toBe('template-value-missing')
    expect(reason?.detail).toContain('{{ name }}')
  })

  it.each([
    ['throws', { boom: canary }, 'content-failed'],
    ['answers a promise', { later: canary }, 'content-failed'],
    ['answers rubbish', { rubbish: canary }, 'content-invalid'],
  ])('A function that %s stops its own message with a reason.', async (_name, data, code) => {
    const content = (given: Record<string, string>): unknown => {
      if ('boom' in given) throw new Error(given['boom'])
      if ('later' in given) return Promise.reject(new Error(given['later']))
      return 'rubbish' in given ? { text: 4711 } : { text: 'x' }
    }
    expect((await settle({ content: { lamp: content } }, data)).reason?.code).toBe(code)
  })

  it('An upgrade that throws makes its message wait, and stops no other.', async () => {
    const world = createWorld()
    const lamp = signal('lamp')
    const store = sharedStore(await memoryStore().open(world.base))
    const wired = { ...world.base, channels: { lamp: lamp.channel }, directory: everybody, store }
    const before = message('note', { data: z.object({ text: z.string() }), content: { lamp: { text: '{{ text }}' } } })
    const after = message('note', {
      data: z.object({ text: z.string() }),
      version: 2,
      upgrade: (stored) => {
        const { text } = stored as { text: string }
        if (text === canary) throw new Error(canary)
        return { text }
      },
      content: { lamp: { text: '{{ text }}' } },
    })
    const old = world.open(createReach({ ...wired, messages: [before], worker: false }))
    const { ids } = await old.notify('note', ['u1'], { text: canary })
    const good = await old.notify('note', 'u2', { text: 'fine' })
    const next = world.open(createReach({ ...wired, messages: [after] }))
    await next.start()
    await world.clock.advance('1s')
    expect(await next.get(good.id)).toMatchObject({ outcome: 'sent' })
    expect(await next.get(ids[0] ?? '')).toMatchObject({ state: 'waiting' })
    expect(JSON.stringify(world.lines)).not.toContain(canary)
  })
})
