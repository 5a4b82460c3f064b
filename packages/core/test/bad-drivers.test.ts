import { NotSentError, createReach, invalidAddress, message, rejected, retry, sent, unknown } from '@reachkit/core'
import type { DeliveryOutcome, SettledMessage } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { everybody, signal, untyped } from './support/signals.js'
import type { Answer, SignalOptions } from './support/signals.js'
import { createWorld } from './support/world.js'

const secrets = ['canary-address', 'canary-body', 'canary-secret'] as const

/** Sends to nine others in the same parcel, and to one whose attempt goes wrong. */
async function runOne(wrong: Answer, options: SignalOptions = {}) {
  const world = createWorld()
  const lamp = signal(
    'lamp',
    (request, context, index) => (request.to === secrets[0] ? wrong(request, context, index) : sent()),
    {
      capabilities: { timeoutMs: 1_000, ...options.capabilities },
      ...(options.batch && { batch: options.batch }),
    },
  )
  const alarm = message('alarm', {
    data: z.object({ text: z.string() }),
    content: { lamp: { text: '{{ text }}' } },
    retry: { attempts: 2, base: '1s' },
  })
  const reach = world.open(
    createReach({ ...world.base, messages: [alarm], channels: { lamp: lamp.channel }, directory: everybody }),
  )
  const to = [
    ...Array.from({ length: 4 }, (_, index) => ({ lamp: `good ${index}` })),
    { lamp: secrets[0] },
    { lamp: 'good 4' },
  ]
  const { ids } = await reach.notify('alarm', to, { text: secrets[1] })
  await world.clock.advance('20s')
  const views = await Promise.all(ids.map((id) => reach.get(id)))
  const spoken = JSON.stringify([world.lines, await reach.timeline(ids[4] ?? ''), views[4]?.reason])
  for (const secret of secrets) expect(spoken).not.toContain(secret)
  const good = views.filter((_, index) => index !== 4)
  expect(good.map((view) => view?.outcome)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent'])
  const goodRequests = lamp.requests.filter(({ to: address }) => address !== secrets[0])
  expect(new Set(goodRequests.map(({ id }) => id)).size).toBe(goodRequests.length)
  return { ...world, reach, id: ids[4] ?? '', view: views[4], tries: lamp.requests.length - goodRequests.length }
}

const held = (code: string) => ({ state: 'held', reason: expect.objectContaining({ code }) })

describe('A driver that misbehaves', () => {
  it('One that throws leaves the message held, since it may have gone out.', async () => {
    const { view, tries } = await runOne(async () => {
      throw new Error(`${secrets[2]} ${secrets[0]}`)
    })
    expect(view).toMatchObject(held('driver-failed'))
    expect(tries).toBe(1)
  })

  it('One that throws before it answers a promise, and throws what is no error.', async () => {
    const { view } = await runOne(
      untyped<Answer>(() => {
        throw untyped<Error>(secrets[2])
      }),
    )
    expect(view).toMatchObject(held('driver-failed'))
  })

  it('One that throws a NotSentError is asked again, and the retries are bounded.', async () => {
    const { view, tries } = await runOne(async () => {
      throw new NotSentError('connection refused')
    })
    expect(view).toMatchObject({ outcome: 'rejected', reason: { code: 'retries-exhausted' } })
    expect(tries).toBe(2)
  })

  it('One that hangs and does not honour its signal is given up after its deadline.', async () => {
    const { view, tries } = await runOne(() => new Promise(() => {}))
    expect(view).toMatchObject(held('deadline-passed'))
    expect(tries).toBe(1)
  })

  it('One that is told of its deadline by the signal may answer better than unknown.', async () => {
    const { view } = await runOne(
      (_request, { signal: aborted }) =>
        new Promise((resolve) => {
          aborted.addEventListener('abort', () => resolve(rejected('too slow')))
        }),
    )
    expect(view).toMatchObject({ outcome: 'rejected', reason: { code: 'provider-rejected', detail: 'too slow' } })
  })

  it('One that answers after its deadline resolves the held message.', async () => {
    const { view, tries } = await runOne(
      (_request, { clock }) => new Promise((resolve) => clock.setTimer(5_000, () => resolve(sent('late-1')))),
    )
    expect(view).toMatchObject({ state: 'done', outcome: 'sent' })
    expect(tries).toBe(1)
  })

  it('One that answers twice counts once, and a later word that it was sent counts most.', async () => {
    const twice = (first: DeliveryOutcome, second: DeliveryOutcome): Answer =>
      untyped<Answer>(() => ({
        // oxlint-disable-next-line unicorn/no-thenable -- a promise that breaks its rules is what is tested
        then(answer: (outcome: DeliveryOutcome) => void) {
          answer(first)
          answer(second)
        },
      }))
    // `async` functions await what they return, which hides a second answer: this one is handed through.
    expect((await runOne(twice(sent('a'), rejected('b')))).view).toMatchObject({ outcome: 'sent' })
    expect((await runOne(twice(unknown(), rejected('b')))).view).toMatchObject({ state: 'held' })
  })

  it.each([
    ['undefined', undefined],
    ['text', 'sent'],
    ['another kind', { kind: 'posted' }],
    ['null', null],
  ])('One that answers rubbish (%s) leaves the message held.', async (_name, rubbish) => {
    const { view } = await runOne(untyped<Answer>(async () => rubbish))
    expect(view).toMatchObject(held('driver-failed'))
  })

  it.each([Number.NaN, -1, Number.POSITIVE_INFINITY, 'soon'])(
    'A retry after %s is a retry by our own backoff.',
    async (afterMs) => {
      const { view, tries } = await runOne(untyped<Answer>(async () => ({ kind: 'retry', afterMs })))
      expect(view).toMatchObject({ outcome: 'rejected', reason: { code: 'retries-exhausted' } })
      expect(tries).toBe(2)
    },
  )

  it('An invalid address is not asked for again.', async () => {
    const { view, tries } = await runOne(() => invalidAddress('5.1.1'))
    expect(view).toMatchObject({ outcome: 'rejected', reason: { code: 'address-invalid', detail: '5.1.1' } })
    expect(tries).toBe(1)
  })

  it('A schema of a driver that throws stops only its own message.', async () => {
    const world = createWorld()
    const lamp = signal('lamp')
    const [wired] = lamp.channel.drivers
    const address = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate(value: unknown) {
          if (value === secrets[0]) throw new Error(secrets[2])
          return { value }
        },
      },
    }
    const channel = untyped<typeof lamp.channel>({
      ...lamp.channel,
      drivers: [{ weight: 1, driver: { ...wired?.driver, address } }],
    })
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    const reach = world.open(createReach({ ...world.base, messages: [ping], channels: { lamp: channel } }))
    const { ids } = await reach.notify('ping', [{ lamp: 'a' }, { lamp: secrets[0] }, { lamp: 'b' }])
    await world.clock.advance('1s')
    const views = await Promise.all(ids.map((id) => reach.get(id)))
    expect(views.map((view) => view?.outcome)).toEqual(['sent', 'rejected', 'sent'])
    expect(views[1]?.reason?.code).toBe('address-invalid')
    expect(JSON.stringify([world.lines, views[1]?.reason])).not.toContain(secrets[2])
  })
})

describe('A driver of batches', () => {
  async function runBatch(batch: NonNullable<SignalOptions['batch']>) {
    const world = createWorld()
    const lamp = signal('lamp', [], { batch, capabilities: { batch: 10, timeoutMs: 1_000 } })
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    const reach = world.open(createReach({ ...world.base, messages: [ping], channels: { lamp: lamp.channel } }))
    return { ...world, reach, alone: lamp.requests }
  }
  const three = [{ lamp: 'a' }, { lamp: 'b' }, { lamp: 'c' }]

  it('Each request gets the outcome at its place.', async () => {
    const { reach, clock } = await runBatch(async (requests) =>
      requests.map(({ to }) => (to === 'b' ? rejected('no') : sent())),
    )
    const { ids } = await reach.notify('ping', three)
    await clock.advance('1s')
    expect(await Promise.all(ids.map(async (id) => (await reach.get(id))?.outcome))).toEqual([
      'sent',
      'rejected',
      'sent',
    ])
  })

  it.each([
    ['too few', async () => [sent()]],
    ['no array', async () => untyped<DeliveryOutcome[]>('sent')],
    [
      'a throw',
      async () => {
        throw new Error(secrets[2])
      },
    ],
  ])('%s answers leave all of the batch held.', async (_name, batch) => {
    const { reach, clock, lines } = await runBatch(batch)
    const { ids } = await reach.notify('ping', three)
    await clock.advance('1s')
    expect(await Promise.all(ids.map(async (id) => (await reach.get(id))?.state))).toEqual(['held', 'held', 'held'])
    expect(JSON.stringify(lines)).not.toContain(secrets[2])
  })

  it('A message in sandbox never reaches the driver, though others of its batch do.', async () => {
    const seen: string[] = []
    const { reach, clock, alone } = await runBatch(async (requests) => {
      seen.push(...requests.map(({ to }) => to))
      return requests.map(() => sent())
    })
    const answers = await Promise.all([
      reach.notify('ping', { lamp: 'real 1' }),
      reach.notify('ping', { lamp: 'sandboxed' }, undefined, { sandbox: true }),
      reach.notify('ping', { lamp: 'real 2' }),
    ])
    const others = await Promise.all([
      reach.notify('ping', { lamp: 'sandboxed first' }, undefined, { sandbox: true }),
      reach.notify('ping', { lamp: 'real 3' }),
    ])
    await clock.advance('1s')
    expect([...seen, ...alone.map(({ to }) => to)]).toEqual(['real 1', 'real 2', 'real 3'])
    const settled: SettledMessage[] = await Promise.all(
      [...answers, ...others].map(async (accepted) => accepted.settled()),
    )
    expect(settled.map(({ outcome }) => outcome)).toEqual(['sent', 'sent', 'sent', 'sent', 'sent'])
  })
})

describe('What a driver reports beside its outcomes', () => {
  it('A listener that throws changes nothing, and is logged without its text.', async () => {
    const world = createWorld()
    const lamp = signal('lamp', async (request, context) => {
      context.report({ kind: 'warning', messageId: request.id, reason: 'slow' })
      return sent()
    })
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [ping],
        channels: { lamp: lamp.channel },
        onEvent: (event) => {
          if (event.kind === 'driver') throw new Error(secrets[2])
        },
      }),
    )
    const accepted = await reach.notify('ping', { lamp: 'a' })
    expect(await world.until(accepted.settled())).toMatchObject({ outcome: 'sent' })
    expect(world.lines).toContainEqual(expect.objectContaining({ level: 'error' }))
    expect(JSON.stringify(world.lines)).not.toContain(secrets[2])
  })

  it('The event names the channel and the provider.', async () => {
    const world = createWorld()
    const events: unknown[] = []
    const lamp = signal(
      'lamp',
      async (request, context) => {
        context.report({ kind: 'address-dead', messageId: request.id, address: 'a', reason: 'gone' })
        return sent()
      },
      { provider: 'edison' },
    )
    const ping = message('ping', { content: { lamp: { text: 'x' } } })
    const reach = world.open(
      createReach({
        ...world.base,
        messages: [ping],
        channels: { lamp: lamp.channel },
        onEvent: (event) => events.push(event),
      }),
    )
    await world.until((await reach.notify('ping', { lamp: 'a' })).settled())
    expect(events).toContainEqual(expect.objectContaining({ kind: 'driver', channel: 'lamp', provider: 'edison' }))
  })

  it('A retry that says nothing of the time does not lose its reason.', async () => {
    const { view } = await runOne(() => retry(undefined, 'smtp 421'))
    expect(view?.reason).toEqual({ code: 'retries-exhausted', detail: 'smtp 421' })
  })
})
