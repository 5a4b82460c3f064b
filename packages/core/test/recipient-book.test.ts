import { createReach, message, receivers, segment, sent, where } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { errorOf } from './support/error-of.js'
import { signal } from './support/signals.js'
import { createWorld } from './support/world.js'

const news = message('news', { content: { lamp: { text: 'x' } } })

function setUp() {
  const world = createWorld()
  const lamp = signal('lamp', () => sent())
  const reach = world.open(createReach({ ...world.base, messages: [news], channels: { lamp: lamp.channel } }))
  return { ...world, reach, requests: lamp.requests }
}

const people = Array.from({ length: 30 }, (_, index) => ({
  id: `u${index}`,
  addresses: { lamp: `lamp ${index}` },
  attributes: { age: index },
  groups: index % 2 === 0 ? ['even'] : ['odd'],
}))

describe('an app without a directory', () => {
  it('reaches by id whom it has written into the book, and is told where nobody is there yet', async () => {
    const { reach, until, requests } = setUp()
    expect(await errorOf(() => reach.notify('news', 'u1'))).toMatchObject({ code: 'REACH_DIRECTORY_MISSING' })
    expect(await errorOf(() => reach.notify('news', ['u1', 'u2']))).toMatchObject({ code: 'REACH_DIRECTORY_MISSING' })
    expect(await reach.recipients.upsert(people)).toEqual({ recipients: 30 })
    const { settled } = await reach.notify('news', 'u1')
    expect(await until(settled())).toMatchObject({ outcome: 'sent' })
    expect(requests.map(({ to }) => to)).toEqual(['lamp 1'])
    const nobody = await reach.notify('news', 'nobody')
    expect(await until(nobody.settled())).toMatchObject({ reason: { code: 'recipient-unknown' } })
  })

  it('sends to groups and to segments of it', async () => {
    const { reach, until, requests } = setUp()
    await reach.recipients.upsert(people)
    await reach.receivers.set('news', ['@even'])
    await until((await reach.notify('news', receivers)).settled())
    expect(requests).toHaveLength(15)
    const rule = where.all(where.group('odd'), where.attribute('age').atLeast(20))
    expect(await reach.recipients.count(rule)).toBe(5)
    const task = await reach.tasks.create({ message: 'news', audience: segment(rule) })
    expect(await until(task.done())).toMatchObject({ state: 'done', messages: { sent: 5 } })
  })
})
