import { Readable } from 'node:stream'
import { createTransport, type Transporter } from 'nodemailer'
import type { SMTPPoolOptions, SMTPPoolSentMessageInfo } from 'nodemailer/lib/smtp-pool'
import { logIn } from './credentials.js'
import { parseFailure, type SmtpFailure } from './smtp-failure.js'
import type { SmtpSettings } from './smtp-options.js'
import { Sockets } from './sockets.js'

/** A composed mail and its envelope (RFC 5321, 2.3.1). */
export interface SmtpMail {
  readonly from: string
  readonly to: readonly string[]
  readonly messageId: string
  readonly bytes: Buffer
}

/** The server took it for at least one recipient. */
interface SmtpTaken {
  readonly kind: 'taken'
  /** Message-ID without angle brackets: ours, or the one that the server says it put in its place. */
  readonly id: string
  readonly refused: readonly { readonly address: string; readonly failure: SmtpFailure }[]
}

export type SmtpResult = SmtpTaken | { readonly kind: 'failed'; readonly failure: SmtpFailure }

type Pool = Transporter<SMTPPoolSentMessageInfo, SMTPPoolOptions>
type Watch = { began: boolean }

/**
 * Nodemailer's pool, made at the first mail. Each `send` is one attempt: a mail changes to another connection only while
 * not a byte of it was sent, and once at most.
 */
export class SmtpTransport {
  readonly #settings: SmtpSettings
  readonly #sockets = new Sockets()
  readonly #watches = new WeakMap<object, Watch>()
  readonly #inFlight = new Set<Promise<unknown>>()
  #pool: Pool | undefined

  constructor(settings: SmtpSettings) {
    this.#settings = settings
  }

  /** Never throws. An abort ends it at once; `contentBegan` then tells whether the server may have the mail. */
  async send(mail: SmtpMail, signal: AbortSignal): Promise<SmtpResult> {
    const watch: Watch = { began: false }
    const raw = mail.bytes
    this.#watches.set(raw, watch)
    try {
      const { from, messageId } = mail
      const envelope = { from: named(from), to: mail.to.map(named), size: raw.length }
      const info = await this.#track(this.#open().sendMail({ raw, envelope, messageId, signal }))
      return { kind: 'taken', id: (info.serverMessageId ?? messageId).slice(1, -1), refused: refusedOf(info) }
    } catch (error) {
      return { kind: 'failed', failure: parseFailure(error, watch.began) }
    }
  }

  /** Waits for what is in flight, then for the sockets. A send after it opens the pool anew. */
  async close(): Promise<void> {
    await Promise.allSettled(this.#inFlight)
    this.#pool?.close()
    this.#pool = undefined
    await this.#sockets.closed()
  }

  async #track<T>(sending: Promise<T>): Promise<T> {
    this.#inFlight.add(sending)
    if (this.#inFlight.size === 1) this.#sockets.hold()
    try {
      return await sending
    } finally {
      this.#inFlight.delete(sending)
      if (this.#inFlight.size === 0) this.#sockets.release()
    }
  }

  #open(): Pool {
    if (this.#pool !== undefined) return this.#pool
    const pool: Pool = createTransport({ pool: true, ...poolOptions(this.#settings, this.#sockets) })
    pool.use('stream', (mail, done) => {
      const { raw } = mail.data
      if (Buffer.isBuffer(raw)) mail.message.createReadStream = () => contentStream(raw, this.#watches.get(raw))
      done()
    })
    this.#pool = pool
    return pool
  }
}

function poolOptions(settings: SmtpSettings, sockets: Sockets): SMTPPoolOptions {
  const { host, port, secure, requireTls, tls, timeouts, auth, clientName } = settings
  return {
    host,
    port,
    secure,
    tls,
    requireTLS: requireTls,
    maxConnections: settings.connections,
    maxMessages: settings.messagesPerConnection,
    maxRequeues: 1,
    connectionTimeout: timeouts.connectMs + timeouts.greetingMs,
    greetingTimeout: timeouts.greetingMs,
    socketTimeout: timeouts.socketMs,
    idleTimeout: timeouts.idleMs,
    socketCloseTimeout: 1_000,
    getSocket: (_options, answer) => sockets.open(host, port, timeouts.connectMs, answer),
    ...(clientName !== undefined && { name: clientName }),
    ...(auth !== undefined && {
      forceAuth: true,
      auth: { type: 'custom', method: 'REACHKIT', user: 'see logIn' },
      customAuth: { REACHKIT: (login) => logIn(auth, login) },
    }),
  }
}

/** The mail as a stream that notes when the connection begins to read it: after the server's 354, not before. */
function contentStream(bytes: Buffer, watch: Watch | undefined): Readable {
  let offset = 0
  return new Readable({
    read(size) {
      if (watch !== undefined) watch.began = true
      this.push(bytes.subarray(offset, offset + size))
      offset += size
      if (offset >= bytes.length) this.push(null)
    },
  })
}

function refusedOf({ rejectedErrors }: SMTPPoolSentMessageInfo): SmtpTaken['refused'] {
  return (rejectedErrors ?? []).map((error) => ({
    address: error.recipient ?? '',
    failure: parseFailure(error, false),
  }))
}

/** An object, so that nodemailer takes the address as it is instead of parsing it. */
function named(address: string): { readonly address: string; readonly name: string } {
  return { address, name: '' }
}
