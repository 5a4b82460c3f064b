import { expect, it, vi } from 'vitest'
import { compileContent } from './index.js'

const loaded = vi.hoisted(() => vi.fn<() => void>())
vi.mock('liquidjs', async (original) => {
  loaded()
  return original()
})

it('is loaded when the first template needs it, and not before', async () => {
  const options = { where: { message: 'm', channel: 'email' }, html: ['html'] }
  await compileContent({ subject: 'Order {{ order.id }}', html: '<p>{{ recipient.id }}</p>', n: 1 }, options)
  await compileContent(() => ({ subject: 'x' }), options)
  expect(loaded).not.toHaveBeenCalled()
  await compileContent({ subject: '{{ id | upcase }}', html: '{{ id | upcase }}' }, options)
  expect(loaded).toHaveBeenCalledTimes(1)
})
