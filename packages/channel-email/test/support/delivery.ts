import { randomBytes } from 'node:crypto'
import type { ChannelDriver, DeliveryContext, DriverEvent } from '@reachkit/core/spec'
import type { EmailAddress, EmailChannel, EmailContent, EmailRequest } from '../../src/index.js'

export type EmailDriver = ChannelDriver<EmailAddress, EmailContent>

/** The driver inside a channel, as core takes it out. */
export function driverOf(channel: EmailChannel): EmailDriver {
  const [first] = channel.drivers
  if (first === undefined) throw new Error('a channel without a driver')
  return first.driver
}

export function request(changes: Partial<EmailRequest> = {}): EmailRequest {
  return {
    id: 'parcel.0',
    tenant: 'default',
    type: 'order.paid',
    lane: 'P1',
    purpose: 'transactional',
    to: 'ann@example.com',
    content: { subject: 'Order A1', text: 'Thank you' },
    recipient: { id: 'user-42' },
    idempotencyKey: 'parcel.0.email.x1',
    attempt: 1,
    ...changes,
  }
}

export interface TestContext extends DeliveryContext {
  readonly events: DriverEvent[]
}

/** A context with a clock that stands still, which records what is reported. Parts that no e-mail driver uses throw. */
export function context(signal: AbortSignal = new AbortController().signal): TestContext {
  const events: DriverEvent[] = []
  return {
    signal,
    deadline: Date.parse('2026-06-01T00:01:00Z'),
    clock: { now: () => Date.parse('2026-06-01T00:00:00Z'), monotonic: () => 0, setTimer: unused },
    random: { next: unused, bytes: (length) => randomBytes(length) },
    logger: { debug: unused, info: unused, warn: unused, error: unused },
    get state(): never {
      return unused()
    },
    fetch,
    report: (event) => void events.push(event),
    events,
  }
}

function unused(): never {
  throw new Error('not for e-mail drivers')
}
