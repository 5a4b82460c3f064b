import { channel, createReach, firstOf, message, rejected, retry, sent } from '@reachkit/core'
import type { DeliveryRequest } from '@reachkit/core'
import { afterEach, describe, expect, it } from 'vitest'
import { z } from 'zod'

const open: { stop: () => Promise<void> }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((reach) => reach.stop()))
})

describe('notify', () => {
  it('sends a message on its channel and settles', async () => {
    const requests: DeliveryRequest[] = []
    const pager = channel({
      name: 'pager',
      address: z.string(),
      content: z.object({ text: z.string() }),
      async deliver(request) {
        requests.push(request)
        return sent('p1')
      },
    })
    const paid = message('order.paid', {
      data: z.object({ orderId: z.string() }),
      content: { pager: { text: 'Paid {{ orderId }}' } } as never,
    })
    const reach = createReach({
      messages: [paid as never],
      channels: { pager } as never,
      directory: async (ids: readonly string[]) => ids.map((id) => ({ id, addresses: { pager: `n-${id}` } })) as never,
      logger: { debug: console.log, info: console.log, warn: console.log, error: console.log },
    }) as any
    open.push(reach)
    const accepted = await reach.notify('order.paid', 'u1', { orderId: 'A1' })
    expect(await accepted.settled()).toMatchObject({ state: 'done', outcome: 'sent' })
    expect(requests.map(({ to, content }) => ({ to, content }))).toEqual([{ to: 'n-u1', content: { text: 'Paid A1' } }])
    expect((await reach.timeline(accepted.id)).map((e: any) => e.kind)).toEqual(['accepted', 'sent', 'done'])
    console.log(await reach.explain('order.paid', 'u1', { orderId: 'A1' }))
  })
})
