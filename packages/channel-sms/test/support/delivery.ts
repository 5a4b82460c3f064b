import type { AnyChannel, ChannelDriver, DeliveryContext, DeliveryRequest } from '@reachkit/core/spec'

/** The driver inside a channel, as core takes it out. */
export function driverOf(channel: Pick<AnyChannel, 'drivers'>): ChannelDriver {
  const [first] = channel.drivers
  if (first === undefined) throw new Error('a channel without a driver')
  return first.driver
}

export function requestTo(to: string, content: object, over: Partial<DeliveryRequest> = {}): DeliveryRequest {
  return {
    id: 'parcel.0',
    tenant: 'default',
    type: 'order.paid',
    lane: 'P1',
    purpose: 'transactional',
    to,
    content,
    recipient: { id: 'user-42' },
    idempotencyKey: 'parcel.0.sms.x1',
    attempt: 1,
    ...over,
  }
}

export const now = Date.parse('2026-06-01T00:00:00Z')

/** A context with a clock that stands still. Parts that no driver of this package uses throw. */
export function contextOf(
  signal: AbortSignal = new AbortController().signal,
  report: DeliveryContext['report'] = () => {},
): DeliveryContext {
  return {
    signal,
    deadline: now + 60_000,
    clock: { now: () => now, monotonic: () => 0, setTimer: unused },
    random: { next: unused, bytes: unused },
    logger: { debug: unused, info: unused, warn: unused, error: unused },
    get state(): never {
      return unused()
    },
    fetch,
    report,
  }
}

function unused(): never {
  throw new Error('not for these drivers')
}
