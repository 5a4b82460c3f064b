import { createHmac } from 'node:crypto'
import { NotSentError, invalidAddress, rejected, retry, sent, unknown } from '@reachkit/core/spec'
import type { ChannelDriver, DeliveryContext, DeliveryOutcome, DeliveryRequest } from '@reachkit/core/spec'
import type { CounterpartMode, DriverSubject } from '../src/conformance/index.js'
import { anySchema } from '../src/drivers/any-schema.js'

const modes: readonly CounterpartMode[] = [
  'accept',
  'refuse',
  'refuse-address',
  'throttle',
  'break-before',
  'break-after',
  'hang',
  'rubbish',
  'refuse-inside',
  'redirect',
  'trickle',
  'flood',
]
const deadPager = 'pager-dead'
const credentials = 'api-key-77'

/** A provider in this process: takes pages over a connection, as it is told to. */
function provider() {
  let mode: CounterpartMode = 'accept'
  let connections = 0
  const keys: (string | undefined)[] = []
  async function page(to: unknown, key: string, signal: AbortSignal): Promise<string> {
    signal.throwIfAborted()
    if (mode === 'break-before') throw new Error('ECONNREFUSED')
    keys.push(key)
    if (to === deadPager) return 'dead'
    if (mode === 'break-after') throw new Error(`ECONNRESET while paging ${String(to)}`)
    if (mode === 'hang')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))))
    if (mode === 'trickle')
      await new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('cut off'))))
    return mode
  }
  return {
    page,
    connect: () => (connections += 1),
    disconnect: () => (connections -= 1),
    counterpart: {
      modes,
      tell(wanted: CounterpartMode): void {
        mode = wanted
      },
      keys: () => keys,
      connections: () => connections,
    },
  }
}

const answers: Readonly<Record<string, () => DeliveryOutcome>> = {
  accept: () => sent('page-1', { currency: 'EUR', micros: 400 }),
  refuse: () => rejected('http 400'),
  'refuse-address': () => invalidAddress('no such pager'),
  dead: () => invalidAddress('no such pager'),
  'refuse-inside': () => rejected('page refused'),
  redirect: () => rejected('http 307'),
  flood: () => unknown('answer too long'),
  throttle: () => retry(2_000, 'http 429'),
}

const signatureOf = (body: Uint8Array): string => createHmac('sha256', credentials).update(body).digest('hex')

/** A correct driver and its provider. */
export function pagerSubject(): DriverSubject {
  const { page, connect, disconnect, counterpart } = provider()
  const flights = new Set<Promise<unknown>>()
  let connected = false

  async function deliver(
    { to, idempotencyKey }: DeliveryRequest,
    { signal, logger }: DeliveryContext,
  ): Promise<DeliveryOutcome> {
    if (!connected) connect()
    connected = true
    logger.debug({ key: idempotencyKey }, 'paging')
    try {
      return (answers[await page(to, idempotencyKey, signal)] ?? unknown)()
    } catch (cause) {
      if (cause instanceof Error && cause.message === 'ECONNREFUSED')
        throw new NotSentError('connection refused', { cause })
      if (cause instanceof Error && cause.message === 'cut off') return unknown('cut off')
      return unknown(signal.aborted ? 'aborted' : 'connection reset')
    }
  }
  const tracked: ChannelDriver['deliver'] = async (request, context) => {
    const flight = deliver(request, context)
    flights.add(flight)
    return flight.finally(() => flights.delete(flight))
  }
  const driver: ChannelDriver = {
    specVersion: 1,
    channel: 'pager',
    provider: 'acme',
    addressing: 'address',
    address: anySchema,
    content: anySchema,
    html: [],
    capabilities: { deduplicates: true, batch: 10, concurrency: 5, timeoutMs: 5_000 },
    estimate: () => ({ currency: 'EUR', micros: 500 }),
    deliver: tracked,
    deliverBatch: async (requests, context) => Promise.all(requests.map((request) => tracked(request, context))),
    receipts: {
      verify: ({ headers, body }) => headers['x-signature'] === signatureOf(body),
      parse: ({ body }) => JSON.parse(Buffer.from(body).toString()),
    },
    async close() {
      await Promise.allSettled(flights)
      if (connected) disconnect()
      connected = false
    },
  }
  const receipts = [{ providerId: 'page-1', kind: 'delivered' }] as const
  const body = Buffer.from(JSON.stringify(receipts))
  const request = {
    method: 'POST',
    url: 'https://app.example/hook',
    headers: { 'x-signature': signatureOf(body) },
    body,
  }
  return {
    driver,
    counterpart,
    to: 'pager-4711',
    content: { text: 'the house burns' },
    refusedTo: deadPager,
    secrets: ['pager-4711', 'the house burns', credentials],
    webhook: { request, receipts },
    close: async () => {},
  }
}
