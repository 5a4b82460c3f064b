import { isNotSentError, isReachError, ReachError } from '@reachkit/core/spec'
import { Client, ResultCodeError } from 'ldapts'
import type { LdapSettings } from './options.js'

const connectTimeoutMs = 3_000
/** An idle connection is closed after this long. */
const idleMs = 30_000

/**
 * Connections to the server, each for one search at a time: what pages of results are read by belongs to its connection.
 * One that has ended is never opened again by itself, since it would read as nobody, and without TLS.
 */
export class Connections {
  readonly #settings: LdapSettings
  readonly #idle: { readonly client: Client; readonly timer: NodeJS.Timeout }[] = []

  constructor(settings: LdapSettings) {
    this.#settings = settings
  }

  /** Rejects with `REACH_DIRECTORY_UNAVAILABLE`, which holds nothing that was said or asked. */
  async use<Result>(work: (client: Client) => Promise<Result>, signal: AbortSignal): Promise<Result> {
    const client = this.#take() ?? new Client(this.#clientOptions())
    const end = (): void => endOf(client)
    signal.addEventListener('abort', end, { once: true })
    try {
      if (!client.isConnected) await this.#open(client)
      const result = await work(client)
      this.#keep(client)
      return result
    } catch (error) {
      endOf(client)
      throw failure(error)
    } finally {
      signal.removeEventListener('abort', end)
    }
  }

  async close(): Promise<void> {
    for (const { client, timer } of this.#idle.splice(0)) {
      clearTimeout(timer)
      await client.unbind().catch(() => {})
    }
  }

  #clientOptions(): ConstructorParameters<typeof Client>[0] {
    const { url, ca, guard, startTls } = this.#settings
    return {
      url,
      timeout: guard.settings.timeoutMs,
      connectTimeout: Math.min(connectTimeoutMs, guard.settings.timeoutMs),
      ...(ca !== undefined && !startTls && { tlsOptions: { ca } }),
    }
  }

  async #open(client: Client): Promise<void> {
    const { startTls, hostname, ca, bind } = this.#settings
    // The name is what the certificate is checked against.
    if (startTls) await client.startTLS({ host: hostname, ...(ca !== undefined && { ca }) })
    if (bind !== undefined) await client.bind(bind.dn, await bind.password())
  }

  /** One that still stands, and reads as whom it should. */
  #take(): Client | undefined {
    const isReady = (client: Client): boolean => (this.#settings.bind ? client.isBound : client.isConnected)
    for (let idle = this.#idle.pop(); idle !== undefined; idle = this.#idle.pop()) {
      clearTimeout(idle.timer)
      if (isReady(idle.client)) return idle.client
      endOf(idle.client)
    }
    return undefined
  }

  #keep(client: Client): void {
    const timer = setTimeout(() => {
      const index = this.#idle.findIndex((idle) => idle.client === client)
      if (index >= 0) this.#idle.splice(index, 1)
      endOf(client)
    }, idleMs)
    timer.unref()
    this.#idle.push({ client, timer })
  }
}

function endOf(client: Client): void {
  void client.unbind().catch(() => {})
}

function failure(error: unknown): ReachError {
  if (isReachError(error)) return error
  const [text, code] = meaningOf(error)
  const cause = Object.assign(new Error(text), { code })
  return new ReachError('REACH_DIRECTORY_UNAVAILABLE', `the LDAP server ${text}`, { cause })
}

/** The server's own text may name people. */
function meaningOf(error: unknown): readonly [text: string, code: string] {
  if (error instanceof ResultCodeError) return [`answered ${error.name} (${error.code})`, `LDAP_${error.code}`]
  if (isNotSentError(error)) return ['was not asked: there is no password', 'NO_PASSWORD']
  const code = error instanceof Error && 'code' in error ? error.code : undefined
  if (typeof code === 'string' && /^[A-Z0-9_]{1,60}$/.test(code)) return [`could not be asked: ${code}`, code]
  if (error instanceof Error && /time/i.test(error.message)) return ['did not answer in time', 'ETIMEDOUT']
  return ['did not answer: the connection ended', 'CONNECTION_ENDED']
}
