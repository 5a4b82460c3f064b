import { NotSentError } from '@reachkit/core/spec'
import type { Agent } from 'undici'
import { Exchange } from './exchange.js'
import type { HttpAnswer } from './http-answer.js'
import type { CheckedRequest } from './http-request.js'
import { defaultConnectTimeoutMs, type HttpSettings } from './http-settings.js'
import { createPublicLookup } from './public-lookup.js'

/** Connections of our own, kept alive. Opened at the first request: undici itself is loaded only then. */
export class Connections {
  readonly #settings: HttpSettings
  #agent: Agent | undefined
  #opening: Promise<Agent> | undefined

  constructor(settings: HttpSettings) {
    this.#settings = settings
  }

  async send(request: CheckedRequest, signal: AbortSignal, maxBytes: number): Promise<HttpAnswer> {
    const agent = this.#agent ?? (await this.#open())
    if (signal.aborted) throw new NotSentError('aborted')
    const exchange = new Exchange(signal, maxBytes)
    const { target, method, headers, body } = request
    const path = target.pathname + target.search
    agent.dispatch(
      // The signal of the attempt is the one time limit.
      {
        origin: target.origin,
        path,
        method,
        headers: { ...headers },
        body: body ?? null,
        headersTimeout: 0,
        bodyTimeout: 0,
      },
      exchange,
    )
    return exchange.answer
  }

  /** Ends the connections, if there are any. The next request opens new ones. */
  async close(): Promise<void> {
    const agent = this.#agent ?? (await this.#opening)
    this.#agent = undefined
    this.#opening = undefined
    await agent?.close()
  }

  async #open(): Promise<Agent> {
    this.#opening ??= createAgent(this.#settings)
    this.#agent = await this.#opening
    return this.#agent
  }
}

async function createAgent(settings: HttpSettings): Promise<Agent> {
  const { connections, connectTimeoutMs = defaultConnectTimeoutMs, refusePrivate = false, ca } = settings
  const { Agent } = await import('undici')
  return new Agent({
    connections,
    // A second request on a connection that breaks would be of unknown outcome too.
    pipelining: 1,
    connect: {
      timeout: connectTimeoutMs,
      ...(refusePrivate && { lookup: createPublicLookup() }),
      ...(ca !== undefined && { ca }),
    },
  })
}
