import type { AnyChannel, ChannelDriver, DeliveryContext, DeliveryRequest } from '@reachkit/core/spec'
import { inFlight } from '../../harness.js'
import { Child } from '../../processes/child.js'

/** A driver beside what an app would write without it: the same calls of the same vendor, as many at a time. */
export interface DriverRow {
  readonly name: string
  /** Starts the vendor, in a process of its own. */
  open(): Promise<void>
  ours(count: number): Promise<void>
  peer(count: number): Promise<void>
  close(): Promise<void>
  readonly atLeast: number
}

export interface ChatRowOptions {
  readonly name: string
  /** What the vendor answers to each call. */
  readonly answer: string
  readonly channel: (url: string) => Pick<AnyChannel, 'drivers'>
  readonly to: unknown
  readonly content: unknown
  /** The call as the vendor's document shows it, by `fetch`. */
  readonly bare: (url: string) => Promise<string>
}

export const width = 20

export function chatRow({ name, answer, channel, to, content, bare }: ChatRowOptions): DriverRow {
  let vendor: Child | undefined
  let driver: ChannelDriver | undefined
  let url = ''
  let next = 0
  const send = async (): Promise<void> => {
    const outcome = await driver?.deliver(requestOf((next += 1), to, content), contextOf())
    if (outcome?.kind !== 'sent') throw new Error(`${name}: ${outcome?.kind}`)
  }
  return {
    name,
    atLeast: 0.9,
    async open() {
      vendor = new Child('drivers/chat/vendor.ts', { text: answer })
      url = `http://127.0.0.1:${await vendor.ask<number>('listen')}`
      driver = channel(url).drivers[0]?.driver
    },
    ours: async (count) => inFlight(width, count, send),
    peer: async (count) =>
      inFlight(width, count, async () => {
        if ((await bare(url)) !== answer) throw new Error(`${name}: another answer`)
      }),
    async close() {
      await driver?.close?.()
      await vendor?.stop()
    },
  }
}

/** A POST of JSON by `fetch`, its answer read. */
export async function postJson(url: string, body: unknown, headers: Record<string, string> = {}): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
    signal: new AbortController().signal,
  })
  return response.text()
}

function requestOf(index: number, to: unknown, content: unknown): DeliveryRequest {
  const id = `0ht4k9x2${index}.0`
  const fixed = { tenant: 'default', type: 'order.paid', lane: 'P3', purpose: 'transactional', attempt: 1 } as const
  return { ...fixed, id, idempotencyKey: `${id}.chat.u4`, recipient: { id: `user-${index}` }, to, content }
}

/** With a signal of its own, as where each message has its own deadline. */
function contextOf(): DeliveryContext {
  const { signal } = new AbortController()
  const clock = { now: Date.now, monotonic: () => performance.now() }
  return { signal, clock, fetch, report() {} } as unknown as DeliveryContext
}
