import { audience, createReach, cron, every, memoryStore, message, sent } from '@reachkit/core'
import type { ApprovalPolicy, AudienceFactory, ReviewAnswer, TaskReview } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { errorOf } from './support/error-of.js'
import { sharedStore } from './support/shared-store.js'
import { everybody, signal } from './support/signals.js'
import { createWorld } from './support/world.js'

const people = (count: number): string[] => Array.from({ length: count }, (_, index) => `u${index}`)
const saleOf = (text: string) =>
  message('sale', { purpose: 'marketing', category: 'offers', content: { lamp: { text } } })

async function setUp(audiences: readonly AudienceFactory[] = []) {
  const world = createWorld()
  const parts = await memoryStore({ retention: '30d' }).open(world.base)
  const engine = (approvals: readonly ApprovalPolicy[] = [], text = 'a sale') => {
    const lamp = signal('lamp', () => sent())
    const reach = world.open(
      createReach({
        ...world.base,
        store: sharedStore(parts),
        messages: [saleOf(text)],
        channels: { lamp: lamp.channel },
        directory: everybody,
        approvals,
        audiences,
      }),
    )
    return { reach, requests: lamp.requests }
  }
  return { ...world, parts, engine }
}

const byPerson: ApprovalPolicy = { when: { above: 10 }, steps: [{ name: 'editor' }] }
const large = { message: 'sale', audience: people(20), by: 'ann', number: 'large' } as const

describe('a policy', () => {
  it('lets small tasks go, and keeps large ones until somebody else has approved', async () => {
    const { engine, clock, until } = await setUp()
    const { reach, requests } = engine([byPerson])
    await until((await reach.tasks.create({ ...large, number: 'small', audience: people(10) })).done())
    expect(requests).toHaveLength(10)
    const task = await reach.tasks.create(large)
    await clock.advance('1h')
    expect(await task.get()).toMatchObject({ state: 'needs-approval', approval: { next: 'editor', count: 22 } })
    expect(requests).toHaveLength(10)
    expect(await errorOf(() => task.approve({ by: 'ann' }))).toMatchObject({ code: 'REACH_APPROVAL_REFUSED' })
    expect(await errorOf(() => task.approve({}))).toMatchObject({ code: 'REACH_OPTION_INVALID' })
    await task.approve({ by: 'bob', why: 'fine' })
    await until(task.done())
    expect(requests).toHaveLength(30)
    const { moves, approval } = await task.get()
    expect(moves.map(({ verb, to, by, why }) => [verb, to, by, why])).toEqual([
      ['create', 'needs-approval', 'ann', undefined],
      ['approve', 'active', 'bob', 'fine'],
      ['finish', 'done', undefined, undefined],
    ])
    expect(approval?.given).toMatchObject([{ step: 'editor', by: 'bob' }])
  })

  it('runs what took time to be planned: the review is later than the schedule', async () => {
    const { engine, clock, until } = await setUp()
    const slow: ApprovalPolicy = {
      steps: [
        {
          name: 'model',
          review: async () => {
            await new Promise<void>((resolve) => clock.setTimer(20, resolve))
            return { verdict: 'approve' }
          },
        },
        { name: 'editor' },
      ],
    }
    const { reach, requests } = engine([slow])
    const task = await until(reach.tasks.create(large))
    await until(task.approve({ by: 'bob' }))
    await until(task.done())
    expect(requests).toHaveLength(20)
  })

  it('asks machines first, persons then, and archives at the end', async () => {
    const { engine, until } = await setUp()
    const archived: unknown[] = []
    const answers: ReviewAnswer[] = [{ verdict: 'approve' }]
    const reviews: TaskReview[] = []
    const policy: ApprovalPolicy = {
      steps: [
        {
          name: 'model',
          review: (review) => {
            reviews.push(review)
            return answers[0] ?? { verdict: 'reject' }
          },
        },
        { name: 'editor' },
        { name: 'legal', by: (person) => person === 'lea' },
        { name: 'archive', archive: ({ hash }, given) => void archived.push([hash, given.map(({ by }) => by)]) },
      ],
    }
    const { reach, requests } = engine([policy])
    const task = await reach.tasks.create(large)
    expect(reviews).toMatchObject([{ number: 'large', count: 20, createdBy: 'ann', labels: { category: 'offers' } }])
    expect((await task.get()).approval?.next).toBe('editor')
    expect(await task.approve({ by: 'bob' })).toMatchObject({ state: 'needs-approval', approval: { next: 'legal' } })
    expect(await errorOf(() => task.approve({ by: 'bob' }))).toMatchObject({ code: 'REACH_APPROVAL_REFUSED' })
    expect(await errorOf(() => task.approve({ by: 'eve' }))).toMatchObject({ code: 'REACH_APPROVAL_REFUSED' })
    expect(archived).toEqual([])
    await task.approve({ by: 'lea' })
    expect(archived).toEqual([[expect.any(String), ['(model)', 'bob', 'lea']]])
    await until(task.done())
    expect(requests).toHaveLength(20)
  })

  it('is rejected by a machine, or left to a person where the machine asks or throws', async () => {
    const { engine } = await setUp()
    const policyOf = (review: () => ReviewAnswer): ApprovalPolicy => ({ steps: [{ name: 'model', review }] })
    const rejecting = engine([policyOf(() => ({ verdict: 'reject', why: 'it shouts' }))])
    const rejected = await rejecting.reach.tasks.create({ ...large, number: 'a' })
    expect(await rejected.get()).toMatchObject({ state: 'rejected', why: 'it shouts' })
    const asking = engine([policyOf(() => ({ verdict: 'ask' }))])
    const asked = await asking.reach.tasks.create({ ...large, number: 'b' })
    expect(await asked.get()).toMatchObject({ state: 'needs-approval', approval: { next: 'model' } })
    expect(await asked.approve({ by: 'bob' })).toMatchObject({ state: 'scheduled' })
    const throwing = engine([
      policyOf(() => {
        throw new TypeError('secret')
      }),
    ])
    const thrown = await throwing.reach.tasks.create({ ...large, number: 'c' })
    expect(await thrown.get()).toMatchObject({ state: 'needs-approval', why: 'model threw TypeError' })
  })
})

describe('an approval', () => {
  it('is enforced by the worker: who created the task may know of no policy', async () => {
    const { engine, clock } = await setUp()
    const worker = engine([byPerson])
    await worker.reach.start()
    await worker.reach.stop()
    const careless = engine([])
    const task = await careless.reach.tasks.create({ ...large, schedule: every('1h') })
    await careless.reach.stop()
    const strict = engine([byPerson])
    await strict.reach.start()
    await clock.advance('2h')
    expect(strict.requests).toHaveLength(0)
    expect(await (await strict.reach.tasks.get(task.number)).get()).toMatchObject({ state: 'needs-approval' })
  })

  it('is void where a deploy has changed the content, until it is approved again', async () => {
    const { engine, clock, until } = await setUp()
    const first = engine([byPerson])
    const task = await first.reach.tasks.create({ ...large, schedule: every('1h'), maxRuns: 2 })
    await task.approve({ by: 'bob' })
    await first.reach.stop()
    const deployed = engine([byPerson], 'another sale')
    await deployed.reach.start()
    await clock.advance('90m')
    const again = await deployed.reach.tasks.get('large')
    expect(await again.get()).toMatchObject({ state: 'needs-approval' })
    expect(deployed.requests).toHaveLength(0)
    await again.approve({ by: 'bob' })
    await until(again.done(), 7_200_000, 10_000)
    expect(deployed.requests.map(({ content }) => content.text)).toEqual(people(40).map(() => 'another sale'))
  })

  it('is void once the plan is edited', async () => {
    const { engine } = await setUp()
    const { reach } = engine([byPerson])
    const task = await reach.tasks.create({ ...large, schedule: cron('0 10 * * *') })
    await task.approve({ by: 'bob' })
    expect(await task.edit({ comment: 'the second try' })).toMatchObject({ state: 'scheduled' })
    expect(await task.edit({ schedule: cron('0 11 * * *') })).toMatchObject({ state: 'needs-approval' })
  })

  it('is for so many recipients: one more pauses the run', async () => {
    let size = 20
    const growing = audience('growing', { page: async () => ({ items: people(size) }) })
    const { engine, clock } = await setUp([growing])
    const { reach, requests } = engine([{ steps: [{ name: 'editor' }], margin: 10 }])
    const task = await reach.tasks.create({ ...large, audience: growing(), schedule: every('1h') })
    await task.approve({ by: 'bob' })
    size = 22
    await clock.advance('61m')
    expect(requests).toHaveLength(22)
    size = 23
    await clock.advance('1h')
    expect(requests).toHaveLength(22)
    const { state, why } = await task.get()
    expect({ state, why }).toEqual({
      state: 'paused',
      why: 'the audience has more than the 22 recipients that were approved',
    })
    expect(await task.resume({ by: 'bob' })).toMatchObject({ state: 'needs-approval' })
    expect(await task.approve({ by: 'bob' })).toMatchObject({ approval: { count: 26 } })
    await clock.advance('20s')
    expect(requests).toHaveLength(45)
  })
})
