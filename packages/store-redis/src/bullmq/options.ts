import { ReachError, shownName } from '@reachkit/core/spec'
import type { Lane } from '@reachkit/core/spec'

/** A client of ioredis, a Cluster as well. It is used as it is, copied for waiting, and never closed. */
export interface BullmqClient {
  readonly status: string
  duplicate(...args: never[]): unknown
  disconnect(...args: never[]): unknown
  connect(...args: never[]): unknown
}

export interface BullmqOptions {
  /** `redis://` or `rediss://`. The connections are this pool's own, and closed with it. One of `url` and `client`. */
  readonly url?: string
  readonly client?: BullmqClient
  /** The first part of all keys, in braces, so that a Cluster keeps them together. Default `reach`. */
  readonly prefix?: string
  /**
   * The most envelopes of one share (tenant) and lane that wait in BullMQ, times the weight of the share; all others
   * stay in the ledger. Weights are kept from 1/16 to 16. Default 8.
   */
  readonly perShare?: number
  /** How long a worker that died holds an envelope, in milliseconds; P0 half as long. Default 5,000. */
  readonly lockMs?: number
}

export interface PoolSettings {
  readonly url: string | undefined
  readonly client: BullmqClient | undefined
  readonly prefix: string
  readonly perShare: number
  readonly lockMs: (lane: Lane) => number
}

const known = ['url', 'client', 'prefix', 'perShare', 'lockMs']

/** @throws ReachError `REACH_OPTION_INVALID` naming the option; a url is never shown, for it may hold a password. */
export function resolveOptions(given: string | BullmqClient | BullmqOptions): PoolSettings {
  const options = asOptions(given)
  for (const name of Object.keys(options))
    if (!known.includes(name)) throw invalid(`has no option '${shownName(name)}'`)
  const { url, client, prefix = 'reach', perShare = 8, lockMs = 5_000 } = options
  if ((url === undefined) === (client === undefined)) throw invalid('needs either a `url` or a `client`')
  if (url !== undefined && !isRedisUrl(url)) throw invalid('needs a `url` that begins with redis:// or rediss://')
  if (client !== undefined && !isClient(client)) throw invalid('needs a `client` of ioredis')
  if (typeof prefix !== 'string' || !/^[\w.-]{1,64}$/.test(prefix))
    throw invalid('needs a `prefix` of 1 to 64 letters, digits, dots, hyphens and underscores')
  whole('perShare', perShare, 1, 1_000)
  whole('lockMs', lockMs, 200, 3_600_000)
  return { url, client, prefix, perShare, lockMs: (lane) => (lane === 'P0' ? Math.ceil(lockMs / 2) : lockMs) }
}

function asOptions(given: unknown): BullmqOptions {
  if (typeof given === 'string') return { url: given }
  if (isClient(given)) return { client: given }
  if (typeof given === 'object' && given !== null) return given
  throw invalid('needs a url, a client of ioredis, or options')
}

function isClient(value: unknown): value is BullmqClient {
  const methods = ['connect', 'disconnect', 'duplicate', 'evalsha']
  return typeof value === 'object' && value !== null && methods.every((name) => isFunction(Reflect.get(value, name)))
}

function isFunction(value: unknown): boolean {
  return typeof value === 'function'
}

function isRedisUrl(url: unknown): boolean {
  return typeof url === 'string' && /^rediss?:\/\//.test(url) && URL.canParse(url)
}

function whole(name: string, value: unknown, least: number, most: number): void {
  if (Number.isInteger(value) && Number(value) >= least && Number(value) <= most) return
  throw invalid(`needs a whole number from ${least} to ${most} as \`${name}\``)
}

function invalid(what: string): ReachError {
  return new ReachError('REACH_OPTION_INVALID', `bullmq() ${what}`)
}
