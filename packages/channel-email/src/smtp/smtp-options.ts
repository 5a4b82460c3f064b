import type { ConnectionOptions } from 'node:tls'
import type { DriverCapabilities } from '@reachkit/core/spec'
import { type MailOptions, mailOptionNames, readCapabilities, readMailDefaults } from '../options/mail-options.js'
import { OptionReader, readProviderName } from '@reachkit/driver-kit'
import type { MailDefaults } from '../mime/outgoing-mail.js'
import type { SmtpAuth, SmtpCredentials } from './credentials.js'
import { type DkimOptions, readDkim } from './dkim.js'
import { readServer, type SmtpServer } from './smtp-server-options.js'

export interface SmtpOptions extends MailOptions {
  /** `smtp://user:password@host:port` or `smtps://...`, instead of host, port, secure and auth. */
  readonly url?: string
  readonly host?: string
  /** 465 where `secure`, else 587. */
  readonly port?: number
  /** TLS from the first byte; true for port 465. Otherwise STARTTLS is used where the server offers it. */
  readonly secure?: boolean
  /** Who logs in; a function is asked anew for each connection, so that a password or token may change. */
  readonly auth?: SmtpCredentials | (() => Promise<SmtpCredentials> | SmtpCredentials)
  /** Options of node:tls, such as `ca` or `servername`. */
  readonly tls?: ConnectionOptions
  /** Refuse a server without TLS. True by default where somebody logs in and the host is not this machine. */
  readonly requireTls?: boolean
  /** The name that the client gives in EHLO; the machine's own when left out. */
  readonly clientName?: string
  readonly pool?: {
    /** Open at once, at most; 5 when left out. */
    readonly connections?: number
    /** After so many a connection is renewed; 1,000 when left out. */
    readonly messagesPerConnection?: number
  }
  readonly dkim?: DkimOptions
  readonly timeouts?: SmtpTimeouts
}

/** Milliseconds. */
export interface SmtpTimeouts {
  /** TCP, 15,000. */
  readonly connectMs?: number
  /** From TCP to the greeting, and for STARTTLS, 15,000. */
  readonly greetingMs?: number
  /** Silence of the server in the middle of something, 60,000. */
  readonly socketMs?: number
  /** A connection that nobody uses is closed after, 60,000. It never keeps the process alive. */
  readonly idleMs?: number
  /** The whole attempt: core's deadline. 120,000; a server may take its time to answer the end of DATA (RFC 5321, 4.5.3.2.6). */
  readonly attemptMs?: number
}

/** The options, checked and with every default filled in. */
export interface SmtpSettings extends SmtpServer {
  readonly provider: string
  readonly auth: SmtpAuth | undefined
  readonly clientName: string | undefined
  readonly connections: number
  readonly messagesPerConnection: number
  readonly timeouts: Required<SmtpTimeouts>
  readonly dkim: DkimOptions | undefined
  readonly defaults: MailDefaults
  readonly capabilities: DriverCapabilities
}

const names: readonly string[] = [
  'url',
  'host',
  'port',
  'secure',
  'auth',
  'tls',
  'requireTls',
  'clientName',
  'pool',
  'dkim',
  'timeouts',
  ...mailOptionNames,
]

/** Checks the options once and copies them; throws REACH_OPTION_INVALID. */
export function resolveSmtpOptions(given: SmtpOptions): SmtpSettings {
  const options = new OptionReader('smtp', given, names)
  const pool = options.inner('pool', ['connections', 'messagesPerConnection'])
  const connections = pool.count('connections', 1_000) ?? 5
  const timeouts = readTimeouts(
    options.inner('timeouts', ['connectMs', 'greetingMs', 'socketMs', 'idleMs', 'attemptMs']),
  )
  return {
    ...readServer(options),
    provider: readProviderName(options, 'smtp'),
    clientName: options.text('clientName'),
    connections,
    messagesPerConnection: pool.count('messagesPerConnection') ?? 1_000,
    timeouts,
    dkim: options.has('dkim') ? readDkim(options.inner('dkim', ['domain', 'selector', 'privateKey'])) : undefined,
    defaults: readMailDefaults(options),
    capabilities: readCapabilities(options, { timeoutMs: timeouts.attemptMs, concurrency: connections }),
  }
}

function readTimeouts(timeouts: OptionReader): Required<SmtpTimeouts> {
  return {
    connectMs: timeouts.count('connectMs') ?? 15_000,
    greetingMs: timeouts.count('greetingMs') ?? 15_000,
    socketMs: timeouts.count('socketMs') ?? 60_000,
    idleMs: timeouts.count('idleMs') ?? 60_000,
    attemptMs: timeouts.count('attemptMs') ?? 120_000,
  }
}
