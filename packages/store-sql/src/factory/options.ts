import type { ServerSettings } from '../database/settings.js'
import type { PartsOptions } from '../ledger-parts.js'
import type { Duration, OptionReader } from './option-reader.js'

/** What all stores on SQL have in common. */
export interface StoreOptions {
  /** How long what is done is kept, with its history. Default `7d`. */
  readonly retention?: Duration
  /** How long a dedupe key is known, at least; at most twice that. Default `24h`. */
  readonly dedupeFor?: Duration
  /** After how long an entry that nobody claimed is pushed again to a pool of another engine; it doubles. Default `2s`. */
  readonly pushAgain?: Duration
  /** How long the pool waits for an ack. Default `30s`. */
  readonly poolLease?: Duration
  /** How long the book keeps what recipients did, at least. Default `90d`. */
  readonly eventsFor?: Duration
  /** False where migrations are run beforehand, by `migrate`. Default true: opening brings the tables up to date. */
  readonly migrate?: boolean
  /** False takes what may be lost when the machine loses power. Default true. */
  readonly durable?: boolean
}

export const storeOptionNames = [
  'retention',
  'dedupeFor',
  'pushAgain',
  'poolLease',
  'eventsFor',
  'migrate',
  'durable',
] as const

export interface ServerOptions extends StoreOptions {
  /** Connections at most. Default 10. */
  readonly connections?: number
  /** How long opening a connection may take. Default `5s`. */
  readonly connectTimeout?: Duration
}

export const serverOptionNames: readonly string[] = [...storeOptionNames, 'connections', 'connectTimeout']

export function readPartsOptions(reader: OptionReader): PartsOptions {
  return present({
    retentionMs: reader.durationMs('retention'),
    dedupeMs: reader.durationMs('dedupeFor'),
    pushAgainMs: reader.durationMs('pushAgain', 1),
    poolLeaseMs: reader.durationMs('poolLease', 1),
    eventsForMs: reader.durationMs('eventsFor'),
  })
}

export function readServerSettings(reader: OptionReader): ServerSettings {
  return present({
    connections: reader.whole('connections', 1, 1_000),
    connectMs: reader.durationMs('connectTimeout', 1),
    durable: reader.flag('durable'),
    migrate: reader.flag('migrate'),
  })
}

type Present<Fields> = { readonly [Field in keyof Fields]?: Exclude<Fields[Field], undefined> }

/** Without the fields that were left out. */
export function present<Fields extends object>(fields: Fields): Present<Fields> {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<Fields>
}
