import type { Lane } from '@reachkit/core/spec'
import { toFailure } from './failure.js'
import { type FromWorker, type HostedParts, type Port, type ToWorker, verbs } from './protocol.js'

type Verb = (...args: readonly unknown[]) => Promise<unknown>

/** Answers the calls that come in by a port, beside the parts. `close` is called once, when the other end asks for it. */
export function hostParts(parts: HostedParts, port: Port, close: () => Promise<void>): void {
  const host = new Host(parts, port, close)
  port.on('message', (message: ToWorker) => host.take(message))
  host.post({ kind: 'ready', capabilities: parts.ledger.capabilities, pool: parts.pool !== undefined })
}

class Host {
  readonly #parts: HostedParts
  readonly #port: Port
  readonly #close: () => Promise<void>
  readonly #waiting = new Map<number, AbortController>()
  readonly #watching = new Map<number, () => void>()

  constructor(parts: HostedParts, port: Port, close: () => Promise<void>) {
    this.#parts = parts
    this.#port = port
    this.#close = close
  }

  post(message: FromWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a port of a thread, no window.
    this.#port.postMessage(message)
  }

  take(message: ToWorker): void {
    const { id } = message
    switch (message.kind) {
      case 'call':
        return this.#answer(id, this.#call(message))
      case 'next':
        return this.#answer(id, this.#next(id, message.lane as Lane, message.max))
      case 'abort':
        return this.#waiting.get(id)?.abort()
      case 'watch':
        this.#watching.set(
          id,
          this.#parts.state.watch(message.prefix, (key) => this.post({ kind: 'changed', id, key })),
        )
        return
      case 'unwatch':
        this.#watching.get(id)?.()
        this.#watching.delete(id)
        return
      case 'close':
        return this.#answer(id, this.#end())
    }
  }

  async #call({ part, verb, args }: ToWorker & { readonly kind: 'call' }): Promise<unknown> {
    // Only what the list names is called: a message is no way to any other property.
    const known: readonly string[] = verbs[part]
    if (!known.includes(verb)) throw new TypeError(`there is no verb ${verb}`)
    const hosted = this.#parts[part] as unknown as Readonly<Record<string, Verb>>
    return hosted[verb]?.(...args)
  }

  async #next(id: number, lane: Lane, max: number): Promise<unknown> {
    const controller = new AbortController()
    this.#waiting.set(id, controller)
    try {
      return (await this.#parts.pool?.consume(lane).next(max, controller.signal)) ?? []
    } finally {
      this.#waiting.delete(id)
    }
  }

  async #end(): Promise<void> {
    for (const controller of this.#waiting.values()) controller.abort()
    for (const stop of this.#watching.values()) stop()
    await this.#close()
  }

  #answer(id: number, answer: Promise<unknown>): void {
    answer.then(
      (value) => this.post({ kind: 'answer', id, value }),
      (error: unknown) => this.post({ kind: 'failure', id, failure: toFailure(error) }),
    )
  }
}
