import { setImmediate } from 'node:timers/promises'
import { Coalescer } from '../io/coalescer.js'
import { ReachError } from '../spec/index.js'
import type { Clock, Ledger, MessageRecord, Settled } from '../spec/index.js'
import type { SettledMessage } from '../reach/notify-types.js'
import { createYielder } from '../yielding/index.js'

const pollMs = 250
const pageSize = 1_000
const mostEnded = 10_000

interface Wait {
  readonly promise: Promise<SettledMessage>
  readonly resolve: (settled: SettledMessage) => void
  readonly reject: (error: unknown) => void
}

export interface WaitOptions {
  readonly clock: Clock
  readonly ledger: Ledger
  /** Other processes may settle messages: the store is asked now and then, once for all waits. */
  readonly shared: boolean
  readonly hold: () => void
  readonly release: () => void
}

/** Who waits for `settled()`. What this process settles is told at once; the rest is one batched read. */
export class SettledWaits {
  readonly #options: WaitOptions
  /**
   * By message. Where all is settled in this process, `open` stands for a message that is not settled yet and that nobody
   * waits for: a wait need not ask the store.
   */
  readonly #waits = new Map<string, Wait | 'open'>()
  /** Messages that ended here, of which nobody had said that they were accepted. */
  readonly #ended = new Set<string>()
  /** Messages that the store need not know yet, until then by the monotonic clock. */
  readonly #unknown = new Map<string, number>()
  readonly #reads: Coalescer<string, MessageRecord | 'absent'>
  #timer: (() => void) | undefined
  #closed: Error | undefined

  constructor(options: WaitOptions) {
    this.#options = options
    this.#reads = new Coalescer((ids) => this.#read(ids), { most: pageSize, width: 1 })
  }

  /** `unknownForMs`: so long it is no error that the store does not know the message. */
  wait(id: string, unknownForMs = 0): Promise<SettledMessage> {
    if (this.#closed !== undefined) return Promise.reject(this.#closed)
    const known = this.#waits.get(id)
    if (known !== undefined && known !== 'open') return known.promise
    const wait = newWait()
    this.#waits.set(id, wait)
    this.#options.hold()
    if (unknownForMs > 0) this.#unknown.set(id, this.#options.clock.monotonic() + unknownForMs)
    if (known === undefined) void this.#look(id)
    this.#poll()
    return wait.promise
  }

  /** A message was accepted here. */
  accepted(id: string): void {
    if (this.#options.shared || this.#waits.has(id)) return
    if (this.#ended.size === 0 || !this.#ended.delete(id)) this.#waits.set(id, 'open')
  }

  /** A message of this process is done or held. */
  ended(id: string, to: Settled): void {
    if (to.state === 'waiting') return
    if (!this.#options.shared && !this.#waits.has(id)) this.#noteEnded(id)
    else
      this.#resolve(id, {
        id,
        state: to.state,
        outcome: to.state === 'done' ? to.outcome : undefined,
        reason: to.reason,
        ...(to.state === 'done' && to.into !== undefined && { into: to.into }),
      })
  }

  /** A store that was slow to say that it accepted: another way the message was found, and sent meanwhile. */
  #noteEnded(id: string): void {
    this.#ended.add(id)
    if (this.#ended.size <= mostEnded) return
    for (const oldest of this.#ended) {
      this.#ended.delete(oldest)
      break
    }
  }

  /** Nobody will be told any more: every wait is refused. */
  async close(error: Error): Promise<void> {
    this.#closed = error
    this.#timer?.()
    const yielder = createYielder(this.#options.clock)
    for (const [id, wait] of this.#waits) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      this.#waits.delete(id)
      if (wait === 'open') continue
      this.#options.release()
      wait.reject(error)
    }
  }

  #look(id: string): Promise<void> {
    return this.#reads.call(id).then(
      (record) => this.#told(id, record),
      () => this.#poll(true),
    )
  }

  #told(id: string, record: MessageRecord | 'absent'): void {
    if (record !== 'absent') return this.#resolveFrom(record)
    if (this.#options.clock.monotonic() < (this.#unknown.get(id) ?? 0)) return this.#poll(true)
    const text = 'the store has no message of this id, or its retention has passed'
    this.#reject(id, new ReachError('REACH_MESSAGE_NOT_FOUND', text))
  }

  async #read(ids: readonly string[]): Promise<readonly (MessageRecord | 'absent')[]> {
    const records = await this.#options.ledger.get(ids)
    // Others wait behind a full page: no turn is to read them all.
    if (ids.length === pageSize) await setImmediate()
    return records.map((record) => record ?? 'absent')
  }

  #resolveFrom({ id, state, outcome, reason, into }: MessageRecord): void {
    if (state !== 'done' && state !== 'held') return
    this.#resolve(id, { id, state, outcome, reason, ...(into !== undefined && { into }) })
  }

  #resolve(id: string, settled: SettledMessage): void {
    const wait = this.#waits.get(id)
    if (wait === undefined) return
    this.#forget(id)
    if (wait === 'open') return
    this.#options.release()
    wait.resolve(settled)
  }

  #forget(id: string): void {
    this.#waits.delete(id)
    if (this.#unknown.size > 0) this.#unknown.delete(id)
  }

  #reject(id: string, error: Error): void {
    const wait = this.#waits.get(id)
    if (wait === undefined) return
    this.#forget(id)
    if (wait === 'open') return
    this.#options.release()
    wait.reject(error)
  }

  /** Looks again a little later; where nobody else settles messages, only after a look that failed. */
  #poll(again = this.#options.shared || this.#unknown.size > 0): void {
    const { clock } = this.#options
    if (!again || this.#timer !== undefined || this.#closed !== undefined) return
    this.#timer = clock.setTimer(pollMs, () => {
      this.#timer = undefined
      if (this.#waits.size > 0) void this.#lookAgain()
    })
  }

  /** Asks the store for all that is waited for, page by page. */
  async #lookAgain(): Promise<void> {
    const yielder = createYielder(this.#options.clock)
    let page: string[] = []
    for (const [id, wait] of this.#waits) {
      if (yielder.shouldYield()) await yielder.yieldTurn()
      if (wait !== 'open') page.push(id)
      if (page.length < pageSize) continue
      await Promise.all(page.map((one) => this.#look(one)))
      page = []
    }
    await Promise.all(page.map((one) => this.#look(one)))
    this.#poll()
  }
}

function newWait(): Wait {
  let resolve: Wait['resolve'] = ignore
  let reject: Wait['reject'] = ignore
  const promise = new Promise<SettledMessage>((fulfil, refuse) => {
    resolve = fulfil
    reject = refuse
  })
  return { promise, resolve, reject }
}

function ignore(): void {}
