import { ReachError } from '@reachkit/core/spec'
import type { RedisClient } from './client/redis-client.js'
import type { Settings } from './ledger/context.js'

/** A number and its unit: `90s`, `1.5h`. */
export type RedisDuration = `${number}${'ms' | 's' | 'm' | 'h' | 'd' | 'w'}`

export interface RedisStoreOptions {
  /** Where the server is: `redis://user:password@host:6379/0`, `rediss://` for TLS. This or `client`. */
  readonly url?: string
  /** A client of ioredis that the app has, `Redis` or `Cluster`. The app closes it. */
  readonly client?: RedisClient
  /** What the names of all keys begin with. Stores with the same prefix are one. Default `reach`. */
  readonly prefix?: string
  /**
   * What shares one hash tag, and with it one node of a cluster: everything (`none`, the default), or each tenant
   * for itself (`tenant`). Not to be changed once there is data.
   */
  readonly isolate?: 'none' | 'tenant'
  /** How long a message that is done can still be fetched, a parked one as long as `history`. Default `10m`. */
  readonly retention?: RedisDuration
  /** How long a dedupe key is known, at least; at most twice that. Default `24h`. */
  readonly dedupeFor?: RedisDuration
  /** After how long an entry that nobody claimed is pushed again. Default `2s`; it doubles each time. */
  readonly pushAgain?: RedisDuration
  /** How long the store's own pool waits for an ack, where no other pool is given. Default `30s`. */
  readonly poolLease?: RedisDuration
  /** How long lists and timelines are kept, or `false` for no longer than `retention`, and without any index. Default `7d`. */
  readonly history?: RedisDuration | false
  /** How long the book keeps what recipients did, at least. Default `90d`. */
  readonly eventsFor?: RedisDuration
  /** False takes a server that may lose what was accepted: without an append-only file, or evicting. Default true. */
  readonly durable?: boolean
  /** Packs bodies of parcels, to about a quarter, and what of the book is long. Default true. */
  readonly compress?: boolean
}

export interface ReadOptions {
  readonly url: string | undefined
  readonly client: RedisClient | undefined
  readonly durable: boolean
  readonly poolLeaseMs: number
  readonly eventsForMs: number
  readonly settings: Settings
}

const names: readonly (keyof RedisStoreOptions)[] = [
  'url',
  'client',
  'prefix',
  'isolate',
  'retention',
  'dedupeFor',
  'pushAgain',
  'poolLease',
  'history',
  'eventsFor',
  'durable',
  'compress',
]

/** Reads what `redis()` was given: an address, a client, or options with one of them. Never names a value in an error. */
export function readOptions(given: unknown): ReadOptions {
  if (typeof given === 'string') return readOptions({ url: given })
  if (isClient(given)) return readOptions({ client: given })
  if (typeof given !== 'object' || given === null) throw invalid('redis() takes an address, a client or options')
  const options = given as RedisStoreOptions
  for (const name of Object.keys(options)) {
    if (!(names as readonly string[]).includes(name)) {
      throw invalid(`redis() has no such option; it has ${names.join(', ')}`)
    }
  }
  return {
    ...readConnection(options),
    durable: flag(options.durable, 'durable'),
    poolLeaseMs: duration(options.poolLease, 'poolLease', 30_000),
    eventsForMs: duration(options.eventsFor, 'eventsFor', 7_776_000_000),
    settings: {
      prefix: readPrefix(options.prefix),
      isolated: readIsolate(options.isolate),
      retentionMs: duration(options.retention, 'retention', 600_000),
      dedupeMs: duration(options.dedupeFor, 'dedupeFor', 86_400_000),
      pushAgainMs: duration(options.pushAgain, 'pushAgain', 2_000),
      historyMs: options.history === false ? 0 : duration(options.history, 'history', 604_800_000),
      compress: flag(options.compress, 'compress'),
    },
  }
}

function readConnection({ url, client }: RedisStoreOptions): Pick<ReadOptions, 'url' | 'client'> {
  if ((url === undefined) === (client === undefined)) throw invalid('redis() takes either url or client')
  if (client !== undefined && !isClient(client)) throw invalid('client must be a Redis or Cluster of ioredis')
  if (url !== undefined && !isAddress(url)) {
    throw invalid('url must be an address such as redis://host:6379 or rediss://user:password@host:6379/0')
  }
  return { url, client }
}

function isAddress(url: unknown): boolean {
  if (typeof url !== 'string') return false
  try {
    return ['redis:', 'rediss:'].includes(new URL(url).protocol)
  } catch {
    return false
  }
}

function isClient(value: unknown): value is RedisClient {
  return (
    typeof value === 'object' &&
    value !== null &&
    'callBuffer' in value &&
    typeof value.callBuffer === 'function' &&
    'status' in value
  )
}

function readPrefix(prefix: unknown): string {
  if (prefix === undefined) return 'reach'
  if (typeof prefix === 'string' && /^[\w.:-]{1,64}$/.test(prefix)) return prefix
  throw invalid('prefix must be 1 to 64 of letters, digits and _ . : -')
}

function readIsolate(isolate: unknown): boolean {
  if (isolate === undefined || isolate === 'none') return false
  if (isolate === 'tenant') return true
  throw invalid("isolate must be 'none' or 'tenant'")
}

function flag(value: unknown, field: string): boolean {
  if (value === undefined) return true
  if (typeof value === 'boolean') return value
  throw invalid(`${field} must be true or false`)
}

const units: ReadonlyMap<string, number> = new Map([
  ['w', 604_800_000],
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['m', 60_000],
  ['s', 1_000],
  ['ms', 1],
])

function duration(value: unknown, field: string, missing: number): number {
  if (value === undefined) return missing
  const match = typeof value === 'string' ? /^(\d+(?:\.\d+)?)(ms|[smhdw])$/.exec(value) : null
  const durationMs = Math.round(Number(match?.[1]) * Number(units.get(match?.[2] ?? '')))
  if (Number.isSafeInteger(durationMs) && durationMs > 0) return durationMs
  throw invalid(`${field} must be a duration above 0: a number and ms, s, m, h, d or w, such as '2h'`)
}

function invalid(message: string): ReachError {
  return new ReachError('REACH_OPTION_INVALID', message)
}
