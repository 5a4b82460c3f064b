import type {
  ChannelDriver,
  Cost,
  DeliveryContext,
  DeliveryOutcome,
  DeliveryRequest,
  DriverCapabilities,
  ReceiptSource,
} from '../spec/index.js'

/** A response whose `json()` is as loosely typed as `JSON.parse`: what a provider answers is known only to the driver. */
export type JsonResponse = { json(): Promise<ReturnType<typeof JSON.parse>> } & Response

/** What an attempt is handed beside the message. */
export interface AttemptContext extends DeliveryContext {
  readonly fetch: (...given: Parameters<typeof fetch>) => Promise<JsonResponse>
}

/** How to send with one provider: what `channel` and `driver` share. */
export interface DriverOptions<Address, Content> {
  /** One attempt. Core retries, waits, splits and gives up; see `ChannelDriver` for what a throw means. */
  deliver(request: DeliveryRequest<Address, Content>, context: AttemptContext): Promise<DeliveryOutcome>
  /** What differs from `defaultCapabilities`. */
  readonly capabilities?: Partial<DriverCapabilities>
  /** Content fields whose values are HTML: what a template puts in there is escaped. None unless told. */
  readonly html?: readonly string[]
  /** `'recipient'` where messages go to the recipient itself, such as an inbox; `'address'` unless told. */
  readonly addressing?: ChannelDriver['addressing']
  /** What a message costs at most, by its content: see `ChannelDriver.estimate`. */
  estimate?(message: Pick<DeliveryRequest<Address, Content>, 'to' | 'content'>): Cost | undefined
  /** At most `capabilities.batch` requests at once; one outcome each, in the same order. */
  deliverBatch?(
    requests: readonly DeliveryRequest<Address, Content>[],
    context: AttemptContext,
  ): Promise<readonly DeliveryOutcome[]>
  /** The provider's webhooks. */
  readonly receipts?: ReceiptSource
  /** Ends what `deliver` opened; may be called twice. */
  close?(): Promise<void>
}

/** What a driver can do unless it says otherwise: one message a request, 128 in flight (two slices of 50, and what P0 has for itself), 30 s each, no dedupe. */
export const defaultCapabilities: DriverCapabilities = Object.freeze({
  deduplicates: false,
  batch: 1,
  concurrency: 128,
  timeoutMs: 30_000,
})

/** The fields of `DriverOptions`. */
export const driverFields: readonly string[] = [
  'deliver',
  'capabilities',
  'html',
  'addressing',
  'estimate',
  'deliverBatch',
  'receipts',
  'close',
]
