import type { Envelope, Lane, Ledger, Logger, NewParcel, Pool, PoolConsumer, State } from '@reachkit/core/spec'
import { fromFailure } from './failure.js'
import { plainParcel } from './plain-parcel.js'
import { type FromWorker, type HostedParts, type PartName, type Port, type ToWorker, verbs } from './protocol.js'

interface Call {
  readonly resolve: (value: never) => void
  readonly reject: (error: Error) => void
  /** Whether the process must not end before the answer. */
  readonly holds: boolean
}

/** The other end of `hostParts`: one message a call, matched by id. Keeps count of what is under way. */
export class Remote {
  readonly #port: Port
  readonly #logger: Logger
  readonly #held: (held: boolean) => void
  readonly #calls = new Map<number, Call>()
  readonly #watchers = new Map<number, (key: string) => void>()
  #lastId = 0
  #holding = 0
  #gone: Error | undefined

  /** `held` is told when something is under way and when nothing is any more. */
  constructor(port: Port, logger: Logger, held: (held: boolean) => void) {
    this.#port = port
    this.#logger = logger
    this.#held = held
    port.on('message', (message: FromWorker) => this.#take(message))
  }

  call<Answer>(part: PartName, verb: string, args: readonly unknown[]): Promise<Answer> {
    return this.#ask(true, (id) => ({ kind: 'call', id, part, verb, args }))
  }

  close(): Promise<void> {
    return this.#ask(true, (id) => ({ kind: 'close', id }))
  }

  /** A wait for work is nothing that a process has to stay for. */
  async next(lane: Lane, max: number, signal: AbortSignal): Promise<readonly Envelope[]> {
    if (signal.aborted) return []
    const id = this.#lastId + 1
    const abort = (): void => this.#post({ kind: 'abort', id })
    const answer = this.#ask<readonly Envelope[]>(false, () => ({ kind: 'next', id, lane, max }))
    signal.addEventListener('abort', abort, { once: true })
    try {
      return await answer
    } finally {
      signal.removeEventListener('abort', abort)
    }
  }

  watch(prefix: string, changed: (key: string) => void): () => void {
    const id = ++this.#lastId
    this.#watchers.set(id, changed)
    this.#post({ kind: 'watch', id, prefix })
    return () => {
      if (this.#watchers.delete(id)) this.#post({ kind: 'unwatch', id })
    }
  }

  /** Why nothing is answered any more. */
  get gone(): Error | undefined {
    return this.#gone
  }

  /** Nothing will be answered any more. */
  end(error: Error): void {
    this.#gone ??= error
    const calls = [...this.#calls.values()]
    this.#calls.clear()
    this.#watchers.clear()
    for (const { reject } of calls) reject(this.#gone)
    this.#holding = 0
    this.#held(false)
  }

  #ask<Answer>(holds: boolean, message: (id: number) => ToWorker): Promise<Answer> {
    const id = ++this.#lastId
    return new Promise<Answer>((resolve, reject) => {
      if (this.#gone !== undefined) throw this.#gone
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window.
      this.#port.postMessage(message(id))
      this.#calls.set(id, { resolve, reject, holds })
      if (holds && this.#holding++ === 0) this.#held(true)
    })
  }

  #post(message: ToWorker): void {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, no window.
    if (this.#gone === undefined) this.#port.postMessage(message)
  }

  #take(message: FromWorker): void {
    switch (message.kind) {
      case 'answer':
        return this.#ended(message.id)?.resolve(message.value as never)
      case 'failure':
        return this.#ended(message.id)?.reject(fromFailure(message.failure))
      case 'changed':
        return this.#watchers.get(message.id)?.(message.key)
      case 'log':
        return this.#logger[message.level](message.fields, message.text)
      case 'ready':
      case 'refused':
        return
    }
  }

  #ended(id: number): Call | undefined {
    const call = this.#calls.get(id)
    this.#calls.delete(id)
    if (call?.holds === true && --this.#holding === 0) this.#held(false)
    return call
  }
}

type Ready = FromWorker & { readonly kind: 'ready' }

/** The parts of a store whose database is at the other end of a port. */
export function remoteParts(remote: Remote, { capabilities, pool }: Ready): HostedParts {
  const ledger = remotePart<Ledger>(remote, 'ledger')
  const state = remotePart<State>(remote, 'state')
  return {
    ledger: {
      ...ledger,
      specVersion: 1,
      capabilities,
      accept: (parcels: readonly NewParcel[]) => ledger.accept(parcels.map(plainParcel)),
      close: async () => {},
    },
    state: { ...state, specVersion: 1, watch: (prefix, changed) => remote.watch(prefix, changed) },
    history: { ...remotePart<HostedParts['history']>(remote, 'history'), specVersion: 1 },
    book: { ...remotePart<HostedParts['book']>(remote, 'book'), specVersion: 1 },
    pool: pool ? remotePool(remote) : undefined,
    outbox: remotePart<HostedParts['outbox']>(remote, 'outbox'),
  }
}

function remotePool(remote: Remote): Pool {
  const part = remotePart<Pool>(remote, 'pool')
  const closed = new AbortController()
  const consume = (lane: Lane): PoolConsumer => ({
    next: async (max, signal) => {
      if (closed.signal.aborted) return []
      return remote.next(lane, max, AbortSignal.any([signal, closed.signal]))
    },
  })
  return { ...part, specVersion: 1, consume, close: async () => closed.abort() }
}

// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- its caller knows which part goes by the name.
function remotePart<Part>(remote: Remote, name: PartName): Part {
  const calls = verbs[name].map((verb) => [verb, (...args: unknown[]) => remote.call(name, verb, args)])
  return Object.fromEntries(calls) as Part
}
