import { errorName } from '../io/error-name.js'
import { lanes } from '../spec/index.js'
import type { Claim, ClaimGranted, Envelope, Lane, PoolConsumer } from '../spec/index.js'
import { begun } from '../io/rejected.js'
import { pause } from '../io/pause.js'
import type { DispatchContext } from './dispatch-context.js'
import { EnvelopeRun } from './envelope-run.js'
import { afterCrashes } from './takeover.js'
import { Slots } from './slots.js'
import { Turns } from './turns.js'

const mostAtOnce = 16
const afterFailureMs = 1_000
const suspectAfterMs = 200

export interface DispatcherOptions {
  readonly concurrency: number
  /** Works on envelopes of tasks; there are none without it. */
  readonly tasks?: (envelope: Envelope, claim: ClaimGranted) => Promise<void>
  readonly hold: () => void
  readonly release: () => void
}

/** Takes due envelopes from the pool, lane by lane, and works on as many at once as there are places. */
export class Dispatcher {
  readonly #context: DispatchContext
  readonly #options: DispatcherOptions
  readonly #slots: Slots
  readonly #turns: Turns
  /** Envelopes that are worked on. */
  #works = 0
  #triesSuspect = false
  readonly #idlers: (() => void)[] = []
  #loops: readonly Promise<void>[] = []

  constructor(context: DispatchContext, options: DispatcherOptions) {
    this.#context = context
    this.#options = options
    this.#slots = new Slots(options.concurrency)
    this.#turns = new Turns(context.clock)
    context.stopping.addEventListener('abort', () => this.#slots.close(), { once: true })
  }

  get inFlight(): number {
    return this.#slots.taken
  }

  start(): void {
    this.#loops = lanes.map((lane) => this.#loop(lane, this.#context.pool.consume(lane)))
  }

  /** Resolves when nothing is in flight any more. Nothing new is taken once `stopping` is aborted. */
  async ended(): Promise<void> {
    await Promise.all(this.#loops)
    if (this.#works > 0) await new Promise<void>((resolve) => this.#idlers.push(resolve))
  }

  async #loop(lane: Lane, consumer: PoolConsumer): Promise<void> {
    const { stopping, logger } = this.#context
    while (!stopping.aborted) {
      try {
        const room = this.#slots.roomNow(lane) || (await this.#slots.room(lane))
        if (room === 0) return
        const envelopes = await consumer.next(Math.min(room, mostAtOnce), stopping)
        if (envelopes.length === 0) return
        if (envelopes.length <= this.#slots.roomNow(lane)) this.#begin(envelopes)
        else await this.#beginAll(lane, envelopes)
      } catch (error) {
        logger.error({ lane, error: errorName(error) }, 'the pool failed; this lane waits a second')
        await pause(this.#context.clock, afterFailureMs, stopping)
      }
    }
  }

  /** Other lanes may have taken places since this one asked: what finds none waits here, and the next lane's reserve stays. */
  async #beginAll(lane: Lane, envelopes: readonly Envelope[]): Promise<void> {
    const { stopping, push } = this.#context
    let left = envelopes
    while (left.length > 0 && !stopping.aborted) {
      const room = this.#slots.roomNow(lane) || (await this.#slots.room(lane))
      if (room > 0) this.#begin(left.slice(0, room))
      left = left.slice(room)
    }
    // The process stops: the pool hands them to another one.
    push(left)
  }

  #begin(envelopes: readonly Envelope[]): void {
    const [first] = envelopes
    if (first === undefined) return
    const { ledger, owner, clock } = this.#context
    const claimedAt = clock.monotonic()
    const leaseMs = this.#context.leaseMs(first)
    const claimed = begun(() => ledger.claim({ envelopes, owner, leaseMs }))
    if (this.#works === 0) {
      this.#turns.begin()
      this.#options.hold()
    }
    this.#works += envelopes.length
    this.#slots.take(envelopes.length)
    claimed.then(
      (claims) => this.#runAll(envelopes, claims, claimedAt),
      (error: unknown) => this.#notClaimed(envelopes, error),
    )
  }

  #runAll(envelopes: readonly Envelope[], claims: readonly Claim[], claimedAt: number): void {
    if (!Array.isArray(claims)) return this.#notClaimed(envelopes, new TypeError('the ledger answered no claims'))
    for (const [index, envelope] of envelopes.entries()) {
      this.#run(envelope, claims[index], claimedAt).then(this.#ended, (error: unknown) => this.#failed(envelope, error))
    }
  }

  /** Works on one envelope until it is acked. */
  #run(envelope: Envelope, claim: Claim | undefined, claimedAt: number): Promise<void> {
    if (claim?.status !== 'claimed') return this.#passOver(envelope, claim)
    if (envelope.cargo.kind !== 'messages') return this.#runTask(envelope, claim)
    const run = new EnvelopeRun(this.#context, this.#turns, envelope, claim, claimedAt)
    return afterCrashes(claim) === 'alone' ? this.#runSuspect(run) : run.run()
  }

  /** One at a time: whichever ends the process is to be told from those that were beside it. */
  async #runSuspect(run: EnvelopeRun): Promise<void> {
    if (this.#triesSuspect) {
      run.isPutOff = true
      return run.run()
    }
    this.#triesSuspect = true
    try {
      // Those that were claimed with it are given back by then.
      await pause(this.#context.clock, suspectAfterMs, this.#context.stopping)
      await run.run()
    } finally {
      this.#triesSuspect = false
    }
  }

  /** Somebody else works on it, or nobody has to. */
  async #passOver(envelope: Envelope, claim: Exclude<Claim, ClaimGranted> | undefined): Promise<void> {
    await this.#context.pool.ack([envelope])
    if (claim?.status === 'not-due') this.#context.push([{ ...envelope, due: claim.due }])
  }

  async #runTask(envelope: Envelope, claim: ClaimGranted): Promise<void> {
    await this.#options.tasks?.(envelope, claim)
    await this.#context.pool.ack([envelope])
  }

  readonly #ended = (): void => {
    this.#slots.free()
    this.#works -= 1
    if (this.#works > 0) return
    this.#options.release()
    for (const idle of this.#idlers.splice(0)) idle()
  }

  /** Its messages come again, by its lease or by the sweep. */
  #failed(envelope: Envelope, error: unknown): void {
    const fields = { envelope: envelope.id, ...traceOf(error) }
    this.#context.logger.error(fields, 'an envelope failed; its messages come again')
    this.#ended()
  }

  #notClaimed(envelopes: readonly Envelope[], error: unknown): void {
    const fields = { envelopes: envelopes.length, error: errorName(error) }
    this.#context.logger.error(fields, 'envelopes could not be claimed; they come again')
    for (const _ of envelopes) this.#ended()
  }
}

/** Where it happened. The text of an error that is not ours may hold what must not be logged, so it stays out. */
function traceOf(error: unknown): { error: string; at?: string } {
  if (!(error instanceof Error)) return { error: typeof error }
  const at = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')
  return { error: error.name, ...(at !== undefined && { at }) }
}
