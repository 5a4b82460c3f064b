import { sent } from '@reachkit/core/spec'
import type {
  ChannelDriver,
  DeliveryContext,
  DeliveryOutcome,
  DeliveryRequest,
  DriverCapabilities,
} from '@reachkit/core/spec'
import { anySchema } from './any-schema.js'

/** Answers one attempt, as a provider would. */
export type Outcomes = (
  request: DeliveryRequest,
  context: DeliveryContext,
) => DeliveryOutcome | Promise<DeliveryOutcome>

export interface RecordingOptions {
  /** Default `recorded`. */
  readonly provider?: string
  /** Those given replace the defaults: no deduplication, batches of 1, 10 in flight, 10 seconds. */
  readonly capabilities?: Partial<DriverCapabilities>
  /** One an attempt, in order, and `sent` after the last; or a function. Default: all are sent. */
  readonly outcomes?: readonly DeliveryOutcome[] | Outcomes
  /** Default `address`. */
  readonly addressing?: ChannelDriver['addressing']
}

export interface RecordingDriver<Name extends string = string> extends ChannelDriver {
  readonly channel: Name
  /** What it was asked to deliver, in order; it goes on growing. */
  readonly requests: readonly DeliveryRequest[]
  /** How often it was closed. */
  readonly closed: number
}

const defaultCapabilities: DriverCapabilities = { deduplicates: false, batch: 1, concurrency: 10, timeoutMs: 10_000 }

/**
 * A driver that sends nothing and remembers everything: any address and any content. Wire it as
 * `channels: { sms: channelOf(recordingDriver('sms')) }`. What it sends is known as `recorded-1`, `recorded-2` and so on.
 * With `capabilities.batch` above 1 it takes batches.
 */
export function recordingDriver<const Name extends string>(
  channel: Name,
  options: RecordingOptions = {},
): RecordingDriver<Name> {
  const { provider = 'recorded', addressing = 'address' } = options
  const capabilities = { ...defaultCapabilities, ...options.capabilities }
  const answer = outcomesOf(options.outcomes)
  const requests: DeliveryRequest[] = []
  let closed = 0

  async function deliver(request: DeliveryRequest, context: DeliveryContext): Promise<DeliveryOutcome> {
    requests.push(request)
    return answer(request, context, requests.length - 1)
  }
  return {
    specVersion: 1,
    channel,
    provider,
    capabilities,
    addressing,
    address: anySchema,
    content: anySchema,
    html: [],
    requests,
    get closed() {
      return closed
    },
    deliver,
    ...(capabilities.batch > 1 && {
      deliverBatch: async (batch: readonly DeliveryRequest[], context: DeliveryContext) =>
        Promise.all(batch.map((request) => deliver(request, context))),
    }),
    close: async () => {
      closed += 1
    },
  }
}

type Answer = (
  request: DeliveryRequest,
  context: DeliveryContext,
  index: number,
) => DeliveryOutcome | Promise<DeliveryOutcome>

function outcomesOf(outcomes: RecordingOptions['outcomes'] = []): Answer {
  if (typeof outcomes === 'function') return outcomes
  return (_request, _context, index) => outcomes[index] ?? sent(`recorded-${index + 1}`)
}
