import { NotSentError } from '@reachkit/core/spec'
import type { HttpAnswer } from '@reachkit/driver-kit'
import type { ApnsRequest } from './apns-request.js'
import { ApnsSession, type SessionOptions } from './apns-session.js'

/** How often a session that ended before it was written on is followed by a new one, in one attempt. */
const mostSessions = 3

/**
 * One warm session to APNs, opened at the first request and kept; followed by a new one when it ends, or is about to. The old
 * one stays until its streams are done.
 */
export class ApnsConnection {
  readonly #options: SessionOptions
  readonly #sessions = new Set<ApnsSession>()
  #current: ApnsSession | undefined

  constructor(options: SessionOptions) {
    this.#options = options
  }

  /** One request, one try. Throws NotSentError or LostAnswerError; neither shows what was sent. */
  async send(request: ApnsRequest, authorization: string, signal: AbortSignal): Promise<HttpAnswer> {
    for (let count = 0; count < mostSessions; count += 1) {
      const session = this.#session()
      await session.open(signal)
      if (session.usable) return session.send(request, authorization, signal)
      session.give()
    }
    throw new NotSentError('sessions end at once')
  }

  /** Ends the sessions, if there are any. The next request opens a new one. */
  async close(): Promise<void> {
    this.#current = undefined
    await Promise.all([...this.#sessions].map(async (session) => session.close()))
    this.#sessions.clear()
  }

  #session(): ApnsSession {
    if (this.#current?.usable === true) return this.#current
    for (const session of this.#sessions) if (session.done) this.#sessions.delete(session)
    this.#current = new ApnsSession(this.#options)
    this.#sessions.add(this.#current)
    return this.#current
  }
}
