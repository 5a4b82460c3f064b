import { memoryStore } from '@reachkit/core'
import { ReachError, isReachError } from '@reachkit/core/spec'
import type {
  AnyOutbox,
  Claim,
  Clock,
  Envelope,
  Lane,
  MessageRecord,
  NewParcel,
  OutboxRow,
  StoreParts,
} from '@reachkit/core/spec'
import { createServer } from 'node:net'
import type { Socket } from 'node:net'
import { onLines } from '../process/lines.js'
import { listen } from '../process/listen.js'
import { plainClaimed, plainRecord } from './protocol.js'
import type { Answer, Call } from './protocol.js'

const clock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  setTimer(delayMs, callback) {
    const timer = setTimeout(callback, delayMs)
    return () => clearTimeout(timer)
  },
}
const ignore = (): void => {}
const logger = { debug: ignore, info: ignore, warn: ignore, error: ignore }

export interface SharedMemory {
  readonly url: string
  close(): Promise<void>
}

/** The memory store behind a port: what it keeps outlives the processes that use it. The reference for every other store. */
export async function serveMemory(): Promise<SharedMemory> {
  const store = memoryStore({ keepDone: 1_000_000, poolLease: '3s', pushAgain: '1s' })
  const random = { next: Math.random, bytes: (length: number) => crypto.getRandomValues(new Uint8Array(length)) }
  const opened = await store.open({ clock, random, logger })
  const parts = { ...opened, outbox: memoryOutbox() }
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    serve(socket, parts)
  })
  const port = await listen(server)
  return {
    url: `memory://127.0.0.1:${port}`,
    async close() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => server.close(resolve))
      await parts.close()
    },
  }
}

function serve(socket: Socket, parts: StoreParts): void {
  const waiting = new Map<number, AbortController>()
  socket.on('error', ignore)
  socket.once('close', () => {
    for (const controller of waiting.values()) controller.abort()
  })
  async function reply(call: Call, signal: AbortSignal): Promise<void> {
    const answered = await answer(call, parts, signal)
    waiting.delete(call.n)
    if (socket.writable) socket.write(`${JSON.stringify(answered)}\n`)
    else if (call.method === 'next') await parts.pool?.push((answered.value ?? []) as Envelope[])
  }
  onLines(socket, (line) => {
    const call = JSON.parse(line) as Call
    if (call.method === undefined) return waiting.get(call.n)?.abort()
    const controller = new AbortController()
    waiting.set(call.n, controller)
    void reply(call, controller.signal)
  })
}

async function answer(
  { n, part = 'ledger', method = '', given = [] }: Call,
  parts: StoreParts,
  signal: AbortSignal,
): Promise<Answer> {
  try {
    const target = parts[part]
    if (target === undefined) throw new TypeError(`there is no ${part}`)
    if (method === 'next') {
      const [lane, max] = given as [Lane, number]
      return { n, value: await parts.pool?.consume(lane).next(max, signal) }
    }
    const called: unknown = Reflect.get(target, method, target)
    if (typeof called !== 'function') throw new TypeError(`there is no ${part}.${method}`)
    return { n, value: plain(method, await Reflect.apply(called, target, given)) }
  } catch (error) {
    return { n, error: { text: String(error), ...(isReachError(error) && { code: error.code }) } }
  }
}

function plain(method: string, value: unknown): unknown {
  if (method === 'get') return (value as (MessageRecord | undefined)[]).map(plainRecord)
  if (method !== 'claim' || !Array.isArray(value)) return value
  return (value as Claim[]).map((claim) =>
    'messages' in claim ? { ...claim, messages: claim.messages.map(plainClaimed) } : claim,
  )
}

/** Rows that are committed as soon as they are appended. */
function memoryOutbox(): AnyOutbox {
  const rows = new Map<string, { readonly parcel: NewParcel; until: number }>()
  return {
    specVersion: 1,
    isTransaction: (_value: unknown): _value is unknown => false,
    async append(_tx, parcels) {
      for (const parcel of parcels) rows.set(parcel.id, { parcel, until: 0 })
    },
    async claim(limit): Promise<readonly OutboxRow[]> {
      const now = clock.monotonic()
      const free = [...rows].filter(([, { until }]) => until <= now).slice(0, limit)
      for (const [, row] of free) row.until = now + 2_000
      return free.map(([id, { parcel }]) => ({ id, parcel }))
    },
    async done(ids) {
      for (const id of ids) rows.delete(id)
    },
    backlog: async () => ({ waiting: rows.size, oldest: undefined }),
  }
}

/** As the client throws it. */
export function errorOf({ code, text }: { readonly code?: string; readonly text: string }): Error {
  return code === undefined ? new Error(text) : new ReachError(code as ReachError['code'], text)
}
