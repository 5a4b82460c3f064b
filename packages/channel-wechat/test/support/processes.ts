import { memoryStore } from '@reachkit/core'
import type {
  AnyChannel,
  ChannelDriver,
  Clock,
  DeliveryContext,
  DeliveryRequest,
  DriverEvent,
} from '@reachkit/core/spec'
import { seededRandom } from '@reachkit/testing'

/** Processes of one app: they share a clock and the state, and each has drivers of its own. */
export async function openProcesses() {
  const clock = movableClock()
  const random = seededRandom(1)
  const logger = { debug: unused, info: unused, warn: unused, error: unused }
  const { state } = await memoryStore().open({
    clock,
    random,
    logger: { debug() {}, info() {}, warn() {}, error() {} },
  })
  const events: DriverEvent[] = []
  const context: DeliveryContext = {
    signal: new AbortController().signal,
    deadline: Number.MAX_SAFE_INTEGER,
    fetch,
    clock,
    random,
    logger,
    state,
    report: (event) => void events.push(event),
  }
  return { clock, state, events, context }
}

/** The driver inside a channel, as core takes it out. */
export function driverOf(channel: Pick<AnyChannel, 'drivers'>): ChannelDriver {
  const [first] = channel.drivers
  if (first === undefined) throw new Error('a channel without a driver')
  return first.driver
}

export function request(to: unknown, content: unknown, changes: Partial<DeliveryRequest> = {}): DeliveryRequest {
  return {
    id: 'parcel.0',
    tenant: 'acme',
    type: 'order.paid',
    lane: 'P1',
    purpose: 'transactional',
    to,
    content,
    recipient: { id: 'user-1' },
    idempotencyKey: 'parcel.0.wechat.x1',
    attempt: 1,
    ...changes,
  }
}

/** The real time, that can be moved on: what waits for another process waits by real timers. */
function movableClock(): Clock & { advance(ms: number): void } {
  let ahead = 0
  return {
    now: () => Date.now() + ahead,
    monotonic: () => performance.now() + ahead,
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      return () => clearTimeout(timer)
    },
    advance: (ms) => void (ahead += ms),
  }
}

function unused(): never {
  throw new Error('these drivers write no log')
}
