import { isIP } from 'node:net'
import type { ConnectionOptions } from 'node:tls'
import type { OptionReader } from '@reachkit/driver-kit'
import { isSmtpCredentials, type SmtpAuth, type SmtpCredentials } from './credentials.js'

/** Where the server is and how it is spoken to. */
export interface SmtpServer {
  readonly host: string
  readonly port: number
  readonly secure: boolean
  readonly requireTls: boolean
  readonly tls: ConnectionOptions
  readonly auth: SmtpAuth | undefined
}

type Place = Pick<SmtpServer, 'host'> & { readonly port: number | undefined; readonly secure: boolean | undefined }

export function readServer(options: OptionReader): SmtpServer {
  const { auth: urlAuth, ...place } = options.has('url') ? readUrl(options) : { ...readPlace(options), auth: undefined }
  const auth = urlAuth ?? readAuth(options)
  const secure = place.secure ?? place.port === 465
  const isHere =
    place.host === 'localhost' || place.host === '::1' || (isIP(place.host) === 4 && place.host.startsWith('127.'))
  return {
    host: place.host,
    port: place.port ?? (secure ? 465 : 587),
    secure,
    requireTls: options.flag('requireTls') ?? (auth !== undefined && !isHere),
    tls: { ...options.read('tls', isTlsOptions, 'an object of node:tls options') },
    auth,
  }
}

function readPlace(options: OptionReader): Place {
  const host = options.required(options.text('host'), 'url or host')
  return { host, port: options.count('port', 65_535), secure: options.flag('secure') }
}

function readUrl(options: OptionReader): Place & { readonly auth: SmtpCredentials | undefined } {
  const allowed = 'smtp://user:password@host:port or smtps://..., without a path or query'
  const url = parseUrl(options.text('url') ?? '') ?? options.refuse('url', allowed)
  for (const field of ['host', 'port', 'secure']) if (options.has(field)) options.refuse(field, 'left out beside url')
  const auth =
    url.username === ''
      ? undefined
      : { user: decodeURIComponent(url.username), password: decodeURIComponent(url.password) }
  if (auth !== undefined && options.has('auth')) options.refuse('auth', 'left out where the url has a user')
  const secure = url.protocol === 'smtps:' ? true : undefined
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port === '' ? undefined : Number(url.port),
    secure,
    auth,
  }
}

function parseUrl(text: string): URL | undefined {
  const url = URL.canParse(text) ? new URL(text) : undefined
  if (url === undefined || !/^smtps?:$/.test(url.protocol) || url.hostname === '') return undefined
  return /^\/?$/.test(url.pathname) && url.search === '' && url.hash === '' ? url : undefined
}

function readAuth(options: OptionReader): SmtpAuth | undefined {
  return options.read('auth', isAuth, '{ user, password }, { user, accessToken }, or a function that answers one')
}

function isAuth(value: unknown): value is SmtpAuth {
  return typeof value === 'function' || isSmtpCredentials(value)
}

function isTlsOptions(value: unknown): value is ConnectionOptions {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
