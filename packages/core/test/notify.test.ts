import { createReach, message } from '@reachkit/core'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { everybody, signal } from './support/signals.js'
import { createWorld } from './support/world.js'

describe('notify', () => {
  it('sends a message on its channel, settles, and tells its timeline; its methods are bound.', async () => {
    const { base, open, until } = createWorld()
    const lamp = signal('lamp')
    const paid = message('order.paid', {
      data: z.object({ orderId: z.string() }),
      content: { lamp: { text: 'Paid {{ orderId }}' } },
    })
    const reach = open(createReach({ ...base, messages: [paid], channels: { lamp: lamp.channel }, directory: everybody }))
    const { notify, timeline } = reach
    const { id, ids, deduplicated, settled } = await notify('order.paid', 'u1', { orderId: 'A1' })
    expect([ids, deduplicated]).toEqual([[id], false])
    expect(await until(settled())).toEqual({ id, state: 'done', outcome: 'sent', reason: undefined })
    expect(lamp.requests.map(({ to, content }) => ({ to, content }))).toEqual([{ to: 'lamp of u1', content: { text: 'Paid A1' } }])
    expect((await timeline(id)).map(({ kind }) => kind)).toEqual(['accepted', 'sent', 'done'])
  })
})
