import { createReach, message } from '@reachkit/core'
import { expect, test } from 'vitest'
import { z } from 'zod'
import { errorOf } from './support/error-of.js'
import { signal } from './support/signals.js'
import { createWorld } from './support/world.js'

test('the timelines of several messages are told at once; more than 500, or what is no id, is refused', async () => {
  const { base, open, until } = createWorld()
  const note = message('note', { data: z.object({ text: z.string() }), content: { lamp: { text: '{{ text }}' } } })
  const reach = open(createReach({ ...base, messages: [note], channels: { lamp: signal('lamp').channel } }))
  const { ids, settled } = await reach.notify('note', [{ lamp: 'a' }, { lamp: 'b' }], { text: 'x' })
  await until(settled())
  const events = await reach.timeline(ids)
  for (const id of ids) {
    const own = events.filter((event) => event.id === id).map(({ kind }) => kind)
    expect(own).toEqual(expect.arrayContaining(['accepted', 'sent']))
  }
  expect(await reach.timeline([])).toEqual([])
  const many = Array.from({ length: 501 }, (_, index) => `m.${index}`)
  for (const wrong of [many, [7] as never]) {
    expect(await errorOf(() => reach.timeline(wrong))).toMatchObject({ code: 'REACH_OPTION_INVALID' })
  }
})
