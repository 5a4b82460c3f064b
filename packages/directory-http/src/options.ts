import {
  createGuard,
  type Guard,
  type GuardOptions,
  guardOptionNames,
  pickGuardOptions,
} from '@reachkit/core/directory'
import { type HttpSettings, OptionReader, optionalSecret, type ReadSecret, type Secret } from '@reachkit/driver-kit'

export interface HttpOptions extends GuardOptions {
  /** Where the service is: `https://crm.example/reachkit`. What is asked for stands below it. */
  readonly url: string
  /** Sent with each request; not for keys, which have options of their own. */
  readonly headers?: Readonly<Record<string, string>>
  /** `Authorization: Bearer …`: the token, or a function that is asked for it before each request. */
  readonly bearer?: Secret
  /** Each request is signed with this, see `signatureOf`. */
  readonly hmac?: Secret
  /** True where the service answers `POST /members` too: for `receivers`. */
  readonly members?: boolean
  /** Most bytes of an answer. Default 8 MB. */
  readonly maxAnswerBytes?: number
  /** The certificates to trust in place of those of Node, PEM. */
  readonly ca?: string
  /** Sends by this instead of by connections of its own. */
  readonly fetch?: typeof fetch
}

/** `HttpOptions`, checked. */
export interface HttpDirectorySettings {
  /** Without a `/` at its end. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly bearer: ReadSecret | undefined
  readonly hmac: ReadSecret | undefined
  readonly members: boolean
  readonly http: HttpSettings
  readonly guard: Guard
}

const own = ['url', 'headers', 'bearer', 'hmac', 'members', 'maxAnswerBytes', 'ca', 'fetch']

/** @throws ReachError `REACH_OPTION_INVALID` naming the field that is wrong. */
export function readHttpOptions(given: HttpOptions): HttpDirectorySettings {
  const options = new OptionReader('directory-http', given, [...own, ...guardOptionNames])
  const guard = createGuard(pickGuardOptions(given))
  const fetch = options.read('fetch', isFetch, 'a function like fetch')
  const ca = options.read('ca', isPem, 'certificates as PEM')
  return {
    url: options.required(options.webUrl('url'), 'url').replace(/\/+$/, ''),
    headers: { ...options.read('headers', isHeaders, 'an object of texts') },
    bearer: optionalSecret(options, 'bearer'),
    hmac: optionalSecret(options, 'hmac'),
    members: options.flag('members') ?? false,
    http: {
      connections: guard.settings.concurrency,
      maxAnswerBytes: options.count('maxAnswerBytes') ?? 8 * 1_024 * 1_024,
      ...(ca !== undefined && { ca }),
      ...(fetch !== undefined && { fetch }),
    },
    guard,
  }
}

function isFetch(value: unknown): value is typeof fetch {
  return typeof value === 'function'
}

function isPem(value: unknown): value is string {
  return typeof value === 'string' && value.includes('-----BEGIN CERTIFICATE-----')
}

function isHeaders(value: unknown): value is Readonly<Record<string, string>> {
  return typeof value === 'object' && value !== null && Object.values(value).every((one) => typeof one === 'string')
}
