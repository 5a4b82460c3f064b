import { randomBytes } from 'node:crypto'
import type { Book, StoreContext, StoreParts } from '@reachkit/core/spec'
import { waitingAdvance } from '@reachkit/testing'
import type { BookSubject, StoreSubject, StoreTiming } from '@reachkit/testing'
import { redis } from '../src/index.js'
import type { RedisStoreOptions } from '../src/index.js'

const ignore = (): void => {}

/** Real time, real chance, no log. */
export const realContext: StoreContext = {
  clock: {
    now: () => Date.now(),
    monotonic: () => performance.now(),
    setTimer(delayMs, callback) {
      const timer = setTimeout(callback, delayMs)
      timer.unref()
      return () => clearTimeout(timer)
    },
  },
  random: { next: Math.random, bytes: (length) => randomBytes(length) },
  logger: { debug: ignore, info: ignore, warn: ignore, error: ignore },
}

export const timing: StoreTiming = { shortMs: 300, dedupeMs: 2_000, retentionMs: 1_500, pushAgainMs: 400 }

const short = { retention: '1500ms', dedupeFor: '2s', pushAgain: '400ms' } as const

type Parts = StoreParts & { readonly book: Book }

/** A subject of every suite. */
export type RedisSubject = StoreSubject & BookSubject & { readonly peer: Parts }

/** This store has a book, whatever its options are. */
export async function openParts(options: RedisStoreOptions): Promise<Parts> {
  const parts = await redis(options).open(realContext)
  if (parts.book === undefined) throw new Error('the store has no book')
  return { ...parts, book: parts.book }
}

/** A store on a prefix of its own, and the same one through another connection. */
export async function redisSubject(url: string, options: RedisStoreOptions = {}): Promise<RedisSubject> {
  const prefix = `t${randomBytes(6).toString('hex')}`
  const open = async (): Promise<Parts> => openParts({ url, prefix, ...short, ...options })
  const [parts, peer] = await Promise.all([open(), open()])
  const now = async (): Promise<number> => parts.state.now()
  return {
    ...parts,
    peer,
    timing,
    now,
    advance: waitingAdvance(now),
    close: async () => {
      await Promise.all([parts.close(), peer.close()])
    },
  }
}
