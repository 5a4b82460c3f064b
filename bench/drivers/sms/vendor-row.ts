import { randomBytes } from 'node:crypto'
import type { AnyChannel, ChannelDriver, DeliveryContext, DeliveryRequest } from '@reachkit/core/spec'
import { inFlight } from '../../harness.js'
import { Child } from '../../processes/child.js'

export const width = 20

export interface VendorRowOptions {
  readonly name: string
  readonly atLeast: number
  /** What the vendor answers to each call. */
  readonly answer: string
  readonly type?: 'application/json' | 'text/xml'
  readonly channel: (url: string) => Pick<AnyChannel, 'drivers'>
  readonly to: string
  readonly content: object
  /** The vendor's own client, or the call as the vendor's document shows it. */
  readonly peer: (url: string) => Peer
}

export interface Peer {
  send(): Promise<unknown>
  close?(): void
}

/** A driver beside what an app would write without it: the same calls to the same vendor, as many at a time. */
export function vendorRow({
  name,
  atLeast,
  answer,
  type = 'application/json',
  channel,
  to,
  content,
  peer,
}: VendorRowOptions) {
  let vendor: Child | undefined
  let driver: ChannelDriver | undefined
  let bare: Peer | undefined
  let next = 0
  const send = async (): Promise<void> => {
    const outcome = await driver?.deliver(requestOf((next += 1), to, content), contextOf())
    if (outcome?.kind !== 'sent') throw new Error(`${name}: ${outcome?.kind}`)
  }
  return {
    name,
    atLeast,
    async open(): Promise<void> {
      vendor = new Child('drivers/sms/vendor.ts', { text: answer, type })
      const url = `http://127.0.0.1:${await vendor.ask<number>('listen')}`
      driver = channel(url).drivers[0]?.driver
      bare = peer(url)
    },
    ours: async (count: number): Promise<void> => inFlight(width, count, send),
    peer: async (count: number): Promise<void> => inFlight(width, count, async () => void (await bare?.send())),
    async close(): Promise<void> {
      await driver?.close?.()
      bare?.close?.()
      await vendor?.stop()
    },
  }
}

/** A POST by `fetch`, its answer read. */
export async function post(url: string, body: string, headers: Record<string, string>): Promise<string> {
  const { signal } = new AbortController()
  const response = await fetch(url, { method: 'POST', headers, body, signal })
  return response.text()
}

function requestOf(index: number, to: string, content: object): DeliveryRequest {
  const id = `0ht4k9x2${index}.0`
  const fixed = { tenant: 'default', type: 'order.paid', lane: 'P3', purpose: 'transactional', attempt: 1 } as const
  return { ...fixed, id, idempotencyKey: `${id}.sms.u4`, recipient: { id: `user-${index}` }, to, content }
}

/** With a signal of its own, as where each message has its own deadline. */
function contextOf(): DeliveryContext {
  const { signal } = new AbortController()
  const clock = { now: Date.now, monotonic: () => performance.now() }
  return { signal, clock, random: { bytes: randomBytes }, fetch, report() {} } as unknown as DeliveryContext
}
