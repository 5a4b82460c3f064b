import { type ClientHttp2Session, type ClientHttp2Stream, connect } from 'node:http2'
import type { Socket } from 'node:net'
import { NotSentError } from '@reachkit/core/spec'
import { endsWith, type HttpAnswer } from '@reachkit/driver-kit'
import type { ApnsRequest } from './apns-request.js'
import { answerOf } from './apns-stream.js'
import { Places } from './places.js'

const connectTimeoutMs = 10_000
const trustedMs = 30_000
const pingTimeoutMs = 3_000
/** How long a session may take to end by itself once nothing is on it. */
const endTimeoutMs = 2_000

export interface SessionOptions {
  readonly endpoint: string
  readonly ca: string | undefined
  readonly mostStreams: number
  /** A session that was silent for longer is asked whether it still lives; 30,000 unless told. */
  readonly trustedMs?: number
  /** How long it may take to say so; 3,000 unless told. */
  readonly pingTimeoutMs?: number
}

/** One HTTP/2 session: streams side by side, as many as both sides allow. */
export class ApnsSession {
  /** False once nothing new may be sent on it. */
  usable = true
  readonly #http2: ClientHttp2Session
  readonly #options: SessionOptions
  readonly #places: Places
  readonly #ready: Promise<void>
  readonly #gone: Promise<void>
  #settled = false
  #socket: Socket | undefined
  #lastStream = Number.POSITIVE_INFINITY
  #lastAnswer = performance.now()
  #pinging: Promise<void> | undefined

  constructor(options: SessionOptions) {
    const { endpoint, ca, mostStreams } = options
    this.#options = options
    this.#http2 = connect(endpoint, ca === undefined ? {} : { ca })
    this.#places = new Places(mostStreams)
    this.#ready = this.#connected(mostStreams)
    this.#ready.catch(() => {})
    this.#http2.once('connect', (_session, socket) => (this.#socket = socket))
    this.#http2.on('goaway', (_code, lastStream) => {
      this.#lastStream = lastStream ?? 0
      this.#end()
    })
    this.#gone = new Promise((resolve) => {
      this.#http2.once('close', () => {
        this.#end()
        resolve()
      })
    })
  }

  /** True once nothing of it is left. */
  get done(): boolean {
    return this.#http2.destroyed
  }

  /** Resolves when it may be written on; throws NotSentError where it cannot be, or is not, in time. */
  async open(signal: AbortSignal): Promise<void> {
    if (!this.#settled) await endsWith(signal, this.#ready)
    await this.#places.take(signal)
    try {
      if (this.usable && performance.now() - this.#lastAnswer > (this.#options.trustedMs ?? trustedMs))
        await endsWith(signal, this.#asked())
    } catch (error) {
      this.#places.give()
      throw error
    }
    if (this.#places.taken === 1) this.#http2.ref()
  }

  /** Sends on an open session, and gives the place back. */
  async send(request: ApnsRequest, authorization: string, signal: AbortSignal): Promise<HttpAnswer> {
    try {
      const answer = await answerOf(this.#written(request, authorization), {
        signal,
        refused: ({ id }) => id !== undefined && id > this.#lastStream,
      })
      this.#lastAnswer = performance.now()
      return answer
    } catch (error) {
      // A session on which an answer was lost may be dead; what is next gets a new one.
      this.#end()
      throw error
    } finally {
      this.give()
    }
  }

  /** Gives back the place of an `open` that nothing is sent on. */
  give(): void {
    this.#places.give()
    // An idle session does not keep a program alive that is done.
    if (this.#places.taken === 0 && !this.#http2.destroyed) this.#http2.unref()
  }

  /** Ends when its streams have. */
  async close(): Promise<void> {
    this.#end()
    if (this.#http2.connecting) this.#http2.destroy()
    this.#http2.ref()
    // A peer that is gone does not take leave.
    const late = setTimeout(() => this.#socket?.destroy(), endTimeoutMs)
    await this.#gone
    clearTimeout(late)
  }

  #written({ path, headers, body }: ApnsRequest, authorization: string): ClientHttp2Stream {
    try {
      const stream = this.#http2.request({ ':method': 'POST', ':path': path, authorization, ...headers })
      stream.end(body)
      return stream
    } catch {
      // The session ended in this very moment.
      throw new NotSentError('session ended')
    }
  }

  #connected(mostStreams: number): Promise<void> {
    return new Promise((resolve, reject) => {
      const late = setTimeout(() => this.#http2.destroy(), connectTimeoutMs)
      // More than once: APNs takes one stream until it knows the token, and more after that.
      this.#http2.on('remoteSettings', ({ maxConcurrentStreams = mostStreams }) => {
        clearTimeout(late)
        if (this.usable) this.#places.most = Math.min(mostStreams, maxConcurrentStreams)
        this.#settled = true
        resolve()
      })
      this.#http2.on('error', (error: NodeJS.ErrnoException) => reject(new NotSentError(error.code ?? 'failed')))
      this.#http2.once('close', () => {
        clearTimeout(late)
        reject(new NotSentError('no connection'))
      })
    })
  }

  /** One ping for all who wait: Node fails the eleventh that is under way, and a session would be called dead that lives. */
  #asked(): Promise<void> {
    this.#pinging ??= this.#ping().finally(() => (this.#pinging = undefined))
    return this.#pinging
  }

  async #ping(): Promise<void> {
    const alive = await new Promise<boolean>((resolve) => {
      const late = setTimeout(() => resolve(false), this.#options.pingTimeoutMs ?? pingTimeoutMs)
      const asked = this.#http2.ping((error) => {
        clearTimeout(late)
        resolve(error === null)
      })
      if (!asked) resolve(false)
    })
    if (alive) this.#lastAnswer = performance.now()
    else this.#end()
  }

  /** Nothing new on it; what is under way goes on. */
  #end(): void {
    if (!this.usable) return
    this.usable = false
    this.#places.open()
    if (!this.#http2.destroyed) this.#http2.close()
  }
}
