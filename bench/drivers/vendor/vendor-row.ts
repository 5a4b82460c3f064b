import { memoryStore } from '@reachkit/core'
import type { AnyChannel, ChannelDriver, DeliveryContext, DeliveryRequest } from '@reachkit/core/spec'
import { inFlight } from '../../harness.js'
import { Child } from '../../processes/child.js'

/** A driver beside what an app would write without it: the same calls to the same vendor, as many at a time. */
export interface DriverRow {
  readonly name: string
  /** Starts the vendor, in a process of its own. */
  open(): Promise<void>
  ours(count: number): Promise<void>
  peer(count: number): Promise<void>
  close(): Promise<void>
  readonly atLeast: number
}

interface Vendor {
  readonly name: string
  /** 0.9 unless told. */
  readonly atLeast?: number
  /** What the vendor answers to each call but those for a token. */
  readonly answer: string
  readonly type?: 'application/json' | 'text/xml'
  readonly channel: (url: string) => Pick<AnyChannel, 'drivers'>
  readonly to: unknown
  readonly content: unknown
}

export interface VendorRowOptions extends Vendor {
  /** The vendor's own client, or the call as the vendor's document shows it. */
  readonly peer: (url: string) => Peer
}

export interface BareRowOptions extends Vendor {
  /** The call as the vendor's document shows it, by `fetch`, with a token at hand. */
  readonly bare: (url: string) => Promise<string>
}

export interface Peer {
  send(): Promise<unknown>
  close?(): void
}

export const width = 20

export function vendorRow(options: VendorRowOptions): DriverRow {
  const { name, atLeast = 0.9, answer, type = 'application/json', channel, to, content, peer } = options
  let vendor: Child | undefined
  let driver: ChannelDriver | undefined
  let bare: Peer | undefined
  let shared: Omit<DeliveryContext, 'signal'> | undefined
  let next = 0
  const send = async (): Promise<void> => {
    // With a signal of its own, as where each message has its own deadline.
    const context = { ...shared, signal: new AbortController().signal } as DeliveryContext
    const outcome = await driver?.deliver(requestOf((next += 1), to, content), context)
    if (outcome?.kind !== 'sent') throw new Error(`${name}: ${outcome?.kind}`)
  }
  return {
    name,
    atLeast,
    async open() {
      vendor = new Child('drivers/vendor/vendor.ts', { text: answer, type })
      const url = `http://127.0.0.1:${await vendor.ask<number>('listen')}`
      driver = channel(url).drivers[0]?.driver
      bare = peer(url)
      shared = await sharedContext()
    },
    ours: async (count) => inFlight(width, count, send),
    peer: async (count) => inFlight(width, count, async () => void (await bare?.send())),
    async close() {
      await driver?.close?.()
      bare?.close?.()
      await vendor?.stop()
    },
  }
}

/** Against a call whose answer is read and must be the vendor's. */
export function bareRow({ bare, ...vendor }: BareRowOptions): DriverRow {
  const { name, answer } = vendor
  const peer = (url: string): Peer => ({
    async send() {
      if ((await bare(url)) !== answer) throw new Error(`${name}: another answer`)
    },
  })
  return vendorRow({ ...vendor, peer })
}

/** A POST by `fetch`, of JSON unless told, its answer read. */
export async function post(url: string, body: string, headers: Record<string, string> = {}): Promise<string> {
  const type = 'application/json'
  const { signal } = new AbortController()
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': type, ...headers }, body, signal })
  return response.text()
}

export async function postJson(url: string, body: unknown, headers?: Record<string, string>): Promise<string> {
  return post(url, JSON.stringify(body), headers)
}

function requestOf(index: number, to: unknown, content: unknown): DeliveryRequest {
  const id = `0ht4k9x2${index}.0`
  const fixed = { tenant: 'default', type: 'order.paid', lane: 'P3', purpose: 'transactional', attempt: 1 } as const
  return { ...fixed, id, idempotencyKey: `${id}.bench.u4`, recipient: { id: `user-${index}` }, to, content }
}

async function sharedContext(): Promise<Omit<DeliveryContext, 'signal'>> {
  const clock = { now: Date.now, monotonic: () => performance.now(), setTimer: () => () => {} }
  const random = { next: Math.random, bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
  const logger = { debug() {}, info() {}, warn() {}, error() {} }
  const { state } = await memoryStore().open({ clock, random, logger })
  return { clock, random, logger, state, fetch, deadline: Number.MAX_SAFE_INTEGER, report() {} }
}
