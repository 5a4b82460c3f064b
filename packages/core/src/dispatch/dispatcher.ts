import { errorName } from '../io/error-name.js'
import { lanes } from '../spec/index.js'
import type { Claim, Envelope, Lane, PoolConsumer } from '../spec/index.js'
import { abortable } from '../io/abortable.js'
import type { DispatchContext } from './dispatch-context.js'
import { EnvelopeRun } from './envelope-run.js'
import { Slots } from './slots.js'
import { Turns } from './turns.js'

const mostAtOnce = 16
const afterFailureMs = 1_000

export interface DispatcherOptions {
  readonly concurrency: number
  /** Works on envelopes of tasks; there are none without it. */
  readonly tasks?: (envelope: Envelope, claim: Extract<Claim, { status: 'claimed' }>) => Promise<void>
  readonly hold: () => void
  readonly release: () => void
}

/** Takes due envelopes from the pool, lane by lane, and works on as many at once as there are places. */
export class Dispatcher {
  readonly #context: DispatchContext
  readonly #options: DispatcherOptions
  readonly #slots: Slots
  readonly #turns: Turns
  /** Groups of envelopes that are worked on. */
  #works = 0
  readonly #idlers: (() => void)[] = []
  #loops: readonly Promise<void>[] = []

  constructor(context: DispatchContext, options: DispatcherOptions) {
    this.#context = context
    this.#options = options
    this.#slots = new Slots(options.concurrency)
    this.#turns = new Turns(context.clock)
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
        const room = this.#slots.roomNow(lane) || (await abortable(this.#slots.room(lane), stopping).catch(() => 0))
        if (room === 0) return
        const envelopes = await consumer.next(Math.min(room, mostAtOnce), stopping)
        if (envelopes.length === 0) return
        if (envelopes.length <= this.#slots.roomNow(lane)) this.#begin(envelopes)
        else await this.#beginAll(lane, envelopes)
      } catch (error) {
        logger.error({ lane, error: errorName(error) }, 'the pool failed; this lane waits a second')
        await this.#pause()
      }
    }
  }

  /** Other lanes may have taken places since this one asked: what finds none waits here, and the next lane's reserve stays. */
  async #beginAll(lane: Lane, envelopes: readonly Envelope[]): Promise<void> {
    const { stopping, push } = this.#context
    let left = envelopes
    while (left.length > 0 && !stopping.aborted) {
      const room = this.#slots.roomNow(lane) || (await abortable(this.#slots.room(lane), stopping).catch(() => 0))
      if (room > 0) this.#begin(left.slice(0, room))
      left = left.slice(room)
    }
    // The process stops: the pool hands them to another one.
    push(left)
  }

  async #pause(): Promise<void> {
    const { clock, stopping } = this.#context
    await abortable(new Promise<void>((resolve) => clock.setTimer(afterFailureMs, resolve)), stopping).catch(() => {})
  }

  #begin(envelopes: readonly Envelope[]): void {
    if (this.#slots.taken === 0) this.#turns.begin()
    this.#slots.take(envelopes.length)
    this.#options.hold()
    this.#works += 1
    void this.#work(envelopes).then(this.#ended)
  }

  readonly #ended = (): void => {
    this.#works -= 1
    this.#options.release()
    if (this.#works === 0) for (const idle of this.#idlers.splice(0)) idle()
  }

  /** Never throws, like all that it calls. */
  async #work(envelopes: readonly Envelope[]): Promise<void> {
    const [first] = envelopes
    if (first === undefined) return
    const { ledger, owner, clock, logger } = this.#context
    const claimedAt = clock.monotonic()
    let claims: readonly Claim[]
    try {
      claims = await ledger.claim({ envelopes, owner, leaseMs: this.#context.leaseMs(first) })
    } catch (error) {
      const fields = { envelopes: envelopes.length, error: errorName(error) }
      logger.error(fields, 'envelopes could not be claimed; they come again')
      for (const _ of envelopes) this.#slots.free()
      return
    }
    if (envelopes.length === 1) await this.#run(first, claims[0], claimedAt)
    else await Promise.all(envelopes.map((envelope, index) => this.#run(envelope, claims[index], claimedAt)))
  }

  /** What fails is logged and comes again, by its lease or by the sweep. */
  async #run(envelope: Envelope, claim: Claim | undefined, claimedAt: number): Promise<void> {
    const { pool, logger } = this.#context
    try {
      if (claim?.status === 'claimed') await this.#runClaimed(envelope, claim, claimedAt)
      await pool.ack([envelope])
      if (claim?.status === 'not-due') this.#context.push([{ ...envelope, due: claim.due }])
    } catch (error) {
      logger.error({ envelope: envelope.id, ...traceOf(error) }, 'an envelope failed; its messages come again')
    } finally {
      this.#slots.free()
    }
  }

  #runClaimed(
    envelope: Envelope,
    claim: Extract<Claim, { status: 'claimed' }>,
    claimedAt: number,
  ): Promise<void> | undefined {
    if (envelope.cargo.kind === 'messages')
      return new EnvelopeRun(this.#context, this.#turns, envelope, claim, claimedAt).run()
    return this.#options.tasks?.(envelope, claim)
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
