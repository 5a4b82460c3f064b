import { expect, it } from 'vitest'
import { memoryStore } from '../memory/index.js'
import { systemClock } from '../clock/system-clock.js'
import { systemRandom } from '../random/system-random.js'
import type { Ledger } from '../spec/index.js'
import { StoreClock } from './store-clock.js'

const logger = { debug() {}, info() {}, warn() {}, error() {} }

it('tells whole milliseconds of a store elsewhere: columns of whole numbers take no others', async () => {
  const elapsed = { ms: 0.4 }
  const clock = { ...systemClock, monotonic: () => elapsed.ms }
  const { ledger } = await memoryStore().open({ clock, random: systemRandom, logger })
  const durable: Ledger = { ...ledger, capabilities: { ...ledger.capabilities, durable: true }, now: async () => 1_000 }
  const storeClock = await StoreClock.read(clock, durable)
  elapsed.ms = 2.9
  expect(storeClock.now()).toBe(1_002)
  elapsed.ms = 3.3
  expect(storeClock.now()).toBe(1_002)
  elapsed.ms = 3.4
  expect(storeClock.now()).toBe(1_003)
})
