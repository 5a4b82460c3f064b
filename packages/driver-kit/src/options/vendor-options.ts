import type { DriverCapabilities } from '@reachkit/core/spec'
import type { HttpSettings } from '../http/http-settings.js'
import { OptionReader } from './option-reader.js'

/** What every driver of an HTTP vendor is told, beside its own. */
export interface VendorOptions {
  /** The provider's name in routes, history and receipts, where one channel has several of a kind. */
  readonly name?: string
  /** Another address of the vendor's API: a region, a proxy, a stand-in. */
  readonly endpoint?: string
  /** Sends by this instead of by connections of the driver's own. */
  readonly fetch?: typeof fetch
  /** Messages in flight in this process, and so the most connections. */
  readonly concurrency?: number
  /** Messages that this process starts in each `perMs`, where the vendor limits that. */
  readonly rate?: { readonly count: number; readonly perMs: number }
  /** Milliseconds of a whole attempt: core's deadline. */
  readonly timeoutMs?: number
  /** Price of one message in millionths of the currency, where it is known beforehand. */
  readonly cost?: { readonly currency: string; readonly micros: number }
}

/** The fields of `VendorOptions`; an option reader is given these beside those of the vendor. */
export const vendorOptionNames: readonly string[] = [
  'name',
  'endpoint',
  'fetch',
  'concurrency',
  'rate',
  'timeoutMs',
  'cost',
]

/** `VendorOptions`, checked and with every default filled in. */
export interface VendorSettings {
  readonly provider: string
  /** Without a `/` at its end. */
  readonly endpoint: string
  readonly capabilities: DriverCapabilities
  readonly http: HttpSettings
}

/** What counts where the options are silent. */
export interface VendorDefaults {
  readonly provider: string
  /** Left out where there is none: then the option is needed. */
  readonly endpoint?: string
  readonly concurrency?: number
  readonly timeoutMs?: number
  readonly deduplicates?: boolean
  readonly batch?: number
}

/** A reader of a vendor's options: `own` are the names of its fields beside `VendorOptions`. */
export function vendorOptionsReader(vendor: string, given: unknown, own: readonly string[]): OptionReader {
  return new OptionReader(vendor, given, [...new Set([...own, ...vendorOptionNames])])
}

/** Reads the fields of `VendorOptions`; throws REACH_OPTION_INVALID. */
export function readVendorOptions(options: OptionReader, silent: VendorDefaults): VendorSettings {
  const concurrency = options.count('concurrency') ?? silent.concurrency ?? 50
  const own = options.read('fetch', isFetch, 'a function like fetch')
  const cost = options.read('cost', isCost, '{ currency, micros }, with micros a whole number of at least 0')
  const endpoint = options.required(options.webUrl('endpoint') ?? silent.endpoint, 'endpoint')
  return {
    provider: readProviderName(options, silent.provider),
    endpoint: endpoint.replace(/\/+$/, ''),
    capabilities: {
      deduplicates: silent.deduplicates ?? false,
      batch: silent.batch ?? 1,
      concurrency,
      timeoutMs: options.count('timeoutMs') ?? silent.timeoutMs ?? 30_000,
      ...(options.has('rate') && { rate: readRate(options.inner('rate', ['count', 'perMs'])) }),
      ...(cost !== undefined && { cost: { currency: cost.currency, micros: cost.micros } }),
    },
    http: { connections: concurrency, ...(own !== undefined && { fetch: own }) },
  }
}

/** The provider's name in routes, history and receipts. */
export function readProviderName(options: OptionReader, silent: string): string {
  return options.read('name', isProviderName, nameForm) ?? silent
}

/** `{ count, perMs }`, both needed. */
export function readRate(rate: OptionReader): { readonly count: number; readonly perMs: number } {
  return { count: rate.required(rate.count('count'), 'count'), perMs: rate.required(rate.count('perMs'), 'perMs') }
}

const nameForm = 'a letter and then letters, digits, - or _, at most 32 in all'

function isProviderName(value: unknown): value is string {
  return typeof value === 'string' && /^[A-Za-z][A-Za-z0-9_-]{0,31}$/.test(value)
}

function isFetch(value: unknown): value is typeof fetch {
  return typeof value === 'function'
}

function isCost(value: unknown): value is { readonly currency: string; readonly micros: number } {
  if (typeof value !== 'object' || value === null || !('currency' in value) || !('micros' in value)) return false
  return typeof value.currency === 'string' && Number.isSafeInteger(value.micros) && Number(value.micros) >= 0
}
