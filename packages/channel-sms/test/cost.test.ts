import { createReach, message, pass } from '@reachkit/core'
import type { ConsumingGate, Cost } from '@reachkit/core'
import { expect, it } from 'vitest'
import { httpSms } from '../src/index.js'
import { vendorThat } from './support/vendors.js'

it('a gate is told the price of one part, then of all parts, then what the message cost', async () => {
  const vendor = await vendorThat({ json: { id: 7 } })
  const before: (Cost | undefined)[] = []
  const taken: (Cost | undefined)[] = []
  const after: (Cost | undefined)[] = []
  const spent: Cost[] = []
  const budget: ConsumingGate = {
    specVersion: 1,
    name: 'budget',
    phase: 'delivery',
    check: (items) => items.map(({ cost }) => (before.push(cost), pass)),
    take: (items) => items.map(({ cost }) => (taken.push(cost), pass)),
    confirm: (_reservation, _ids, costs) => void spent.push(...costs.values()),
    release: () => {},
    attempted: (reports) => {
      for (const { outcome } of reports) after.push(outcome.kind === 'sent' ? outcome.cost : undefined)
    },
  }
  const reach = createReach({
    messages: [message('long', { content: { sms: { text: 'x'.repeat(161) } } })],
    channels: { sms: httpSms({ endpoint: vendor.url, cost: { currency: 'EUR', micros: 70_000 } }) },
    gates: [budget],
  })
  const accepted = await reach.notify('long', { sms: '+4915112345678' })
  expect((await accepted.settled()).outcome).toBe('sent')
  await reach.stop()
  expect(before).toEqual([{ currency: 'EUR', micros: 70_000 }])
  const both = [{ currency: 'EUR', micros: 140_000 }]
  expect([taken, after, spent]).toEqual([both, both, both])
})
