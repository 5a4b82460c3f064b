import { memoryStore } from '@reachkit/core'
import type { DeliveryContext, DeliveryRequest, DriverEvent } from '@reachkit/core/spec'
import { virtualClock } from '../src/clock/index.js'
import type { VirtualClock } from '../src/clock/index.js'
import { seededRandom } from '../src/random/index.js'

const ignore = (): void => {}
const silentLogger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

export async function driverContext(): Promise<{
  context: DeliveryContext
  clock: VirtualClock
  reported: DriverEvent[]
}> {
  const clock = virtualClock(0)
  const random = seededRandom(1)
  const reported: DriverEvent[] = []
  const { state } = await memoryStore().open({ clock, random, logger: silentLogger })
  const { signal } = new AbortController()
  const report = (event: DriverEvent): void => void reported.push(event)
  return {
    context: { signal, deadline: 1_000, fetch, clock, random, logger: silentLogger, state, report },
    clock,
    reported,
  }
}

export function deliveryRequest(id: string): DeliveryRequest {
  return {
    id,
    tenant: 'acme',
    type: 'otp',
    lane: 'P0',
    purpose: 'transactional',
    to: '+15550100',
    content: { text: 'hi' },
    recipient: { id: 'user-1' },
    idempotencyKey: id,
    attempt: 1,
  }
}
