import { setMaxListeners } from 'node:events'
import { memoryStore } from '@reachkit/core'
import type { AnyChannel, ChannelDriver, DeliveryOutcome, DeliveryRequest, DriverEvent } from '@reachkit/core/spec'
import { seededRandom, type VirtualClock, virtualClock } from '@reachkit/testing'

const logger = { debug() {}, info() {}, warn() {}, error() {} }

export interface Delivering {
  readonly driver: ChannelDriver
  readonly clock: VirtualClock
  readonly reported: DriverEvent[]
  /** One attempt; what it does not say is the same in all. */
  readonly deliver: (to: unknown, content: object, over?: Partial<DeliveryRequest>) => Promise<DeliveryOutcome>
}

/** The one driver of a channel, a clock that stands still, and what it reports. */
export async function delivering(channel: Pick<AnyChannel, 'drivers'>, signal?: AbortSignal): Promise<Delivering> {
  const driver = channel.drivers[0]?.driver as unknown as ChannelDriver
  const clock = virtualClock(Date.parse('2026-06-01T12:00:00Z'))
  const random = seededRandom(1)
  const reported: DriverEvent[] = []
  const { state } = await memoryStore().open({ clock, random, logger })
  const ours = signal ?? new AbortController().signal
  // As core does: any number of attempts share a signal.
  setMaxListeners(0, ours)
  const context = {
    signal: ours,
    deadline: Number.POSITIVE_INFINITY,
    fetch,
    clock,
    random,
    logger,
    state,
    report: (event: DriverEvent) => void reported.push(event),
  }
  const request = {
    id: 'parcel.0',
    tenant: 'acme',
    type: 'order.paid',
    lane: 'P1',
    purpose: 'transactional',
    recipient: { id: 'user-1' },
    idempotencyKey: 'parcel.0.push.k1',
    attempt: 1,
  } as const
  return {
    driver,
    clock,
    reported,
    deliver: async (to, content, over) => driver.deliver({ ...request, to, content, ...over }, context),
  }
}
