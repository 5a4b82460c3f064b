import { virtualClock } from '@reachkit/testing'
import { expect, it } from 'vitest'
import { Sweeper } from './sweeper.js'

const logger = { debug() {}, info() {}, warn() {}, error() {} }

it('Stopping waits for the sweep that is under way, and none begins after it.', async () => {
  const clock = virtualClock()
  let end = (): void => {}
  let sweeps = 0
  const sweep = async () => {
    sweeps += 1
    await new Promise<void>((resolve) => (end = resolve))
    return { envelopes: [], more: true }
  }
  const sweeper = new Sweeper({ clock, ledger: { sweep }, logger, push: () => {}, slowestMs: 1_000 })
  sweeper.start()
  await clock.advance(1_000)
  expect(sweeps).toBe(1)
  let stopped = false
  const stopping = sweeper.stop().then(() => (stopped = true))
  await clock.advance(10)
  expect(stopped).toBe(false)
  end()
  await stopping
  await clock.advance(10_000)
  expect(sweeps).toBe(1)
})
