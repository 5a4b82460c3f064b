import { errorName } from '../io/error-name.js'
import { lanes } from '../spec/index.js'
import type { Cargo, Claim, ClaimGranted, ClaimedMessage, Envelope, Lane, PoolConsumer } from '../spec/index.js'
import type { TaskRunner } from '../tasks/task-runner.js'
import { begun } from '../io/rejected.js'
import { pause } from '../io/pause.js'
import type { DispatchContext } from './dispatch-context.js'
import { EnvelopeRun } from './envelope-run.js'
import { afterCrashes } from './takeover.js'
import { Slots } from './slots.js'
import { Suspects } from './suspects.js'
import type { Turns } from './turns.js'

const mostAtOnce = 16
const afterFailureMs = 1_000

type TaskCargo = Exclude<Cargo, { readonly kind: 'messages' }>

export interface DispatcherOptions {
  readonly concurrency: number
  /** Works on envelopes of tasks; there are none without it. */
  readonly tasks?: Pick<TaskRunner, 'work' | 'admit'>
  readonly hold: () => void
  readonly release: () => void
}

/** Takes due envelopes from the pool, lane by lane, and works on as many at once as there are places. */
export class Dispatcher {
  readonly #context: DispatchContext
  readonly #options: DispatcherOptions
  readonly #slots: Slots
  readonly #turns: Turns
  readonly #suspects: Suspects
  /** Envelopes that are worked on. */
  #works = 0
  readonly #idlers: (() => void)[] = []
  /** Lanes of which the pool had nothing when it was asked last. */
  readonly #empty = new Set<Lane>()
  #loops: readonly Promise<void>[] = []

  constructor(context: DispatchContext, turns: Turns, options: DispatcherOptions) {
    this.#context = context
    this.#options = options
    this.#slots = new Slots(options.concurrency)
    this.#turns = turns
    const { clock, stopping } = context
    this.#suspects = new Suspects({ clock, stopping, isQuiet: () => this.#works <= 1 })
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

  /**
   * The short way of what is urgent and was accepted here: no pool in between, where that has nothing of this lane and there
   * is a place. Answers what is left for the pool. What is begun is leased; if this process dies, the sweep brings it again.
   */
  take(envelopes: readonly Envelope[]): readonly Envelope[] {
    // What is accepted in one write is urgent altogether, or not at all.
    if (envelopes[0]?.lane !== 'P0') return envelopes
    const short = envelopes.filter((envelope) => this.#goesShort(envelope))
    if (short.length === 0 || short.length > this.#slots.roomNow('P0')) return envelopes
    this.#begin(short)
    return short.length === envelopes.length ? [] : envelopes.filter((envelope) => !short.includes(envelope))
  }

  #goesShort({ lane, due, cargo }: Envelope): boolean {
    const { stopping } = this.#context
    return lane === 'P0' && due === 0 && cargo.kind === 'messages' && this.#empty.has(lane) && !stopping.aborted
  }

  async #loop(lane: Lane, consumer: PoolConsumer): Promise<void> {
    const { stopping, logger } = this.#context
    while (!stopping.aborted) {
      try {
        const room = this.#slots.roomNow(lane) || (await this.#slots.room(lane))
        if (room === 0) return
        this.#empty.add(lane)
        const envelopes = await consumer.next(Math.min(room, mostAtOnce), stopping)
        this.#empty.delete(lane)
        if (envelopes.length === 0) return
        await this.#beginAll(lane, envelopes)
      } catch (error) {
        logger.error({ lane, error: errorName(error) }, 'the pool failed; this lane waits a second')
        await pause(this.#context.clock, afterFailureMs, stopping)
      }
    }
  }

  /**
   * Other lanes may have taken places since this one asked, and envelopes may be larger than they were lately: what finds
   * no place waits here, and the next lane's reserve stays.
   */
  async #beginAll(lane: Lane, envelopes: readonly Envelope[]): Promise<void> {
    const { stopping, push } = this.#context
    let left = envelopes
    while (left.length > 0 && !stopping.aborted) {
      const fitting = this.#slots.fitting(lane, left.map(messagesIn))
      if (fitting === 0) {
        await this.#slots.room(lane)
        continue
      }
      this.#begin(fitting === left.length ? left : left.slice(0, fitting))
      left = left.slice(fitting)
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
    const urgent = first.lane === 'P0'
    if (urgent) this.#turns.urge()
    const claimed = begun(() => ledger.claim({ envelopes, owner, leaseMs }))
    if (this.#works === 0) {
      this.#turns.begin()
      this.#options.hold()
    }
    this.#works += envelopes.length
    for (const envelope of envelopes) this.#slots.take(messagesIn(envelope))
    const working = claimed.then(
      (claims) => this.#runAll(envelopes, claims, claimedAt),
      (error: unknown) => this.#notClaimed(envelopes, error),
    )
    if (urgent) void working.finally(() => this.#turns.calm())
  }

  #runAll(envelopes: readonly Envelope[], claims: readonly Claim[], claimedAt: number): void {
    if (!Array.isArray(claims)) return this.#notClaimed(envelopes, new TypeError('the ledger answered no claims'))
    for (const [index, envelope] of envelopes.entries()) {
      this.#run(envelope, claims[index], claimedAt).then(
        () => this.#ended(envelope),
        (error: unknown) => this.#failed(envelope, error),
      )
    }
  }

  /** Works on one envelope until it is acked. */
  #run(envelope: Envelope, claim: Claim | undefined, claimedAt: number): Promise<void> {
    if (claim?.status !== 'claimed') return this.#passOver(envelope, claim)
    const { cargo } = envelope
    if (cargo.kind !== 'messages') return this.#runTask(envelope, cargo, claim)
    const run = claim.messages[0]?.run
    if (run !== undefined) return this.#runAdmitted(run, envelope, claim, claimedAt)
    return this.#runMessages(envelope, claim, claimedAt)
  }

  #runMessages(
    envelope: Envelope,
    claim: ClaimGranted,
    claimedAt: number,
    admits?: () => Promise<boolean>,
  ): Promise<void> {
    const run = new EnvelopeRun(this.#context, this.#turns, envelope, claim, claimedAt, admits)
    return afterCrashes(claim) === 'alone' ? this.#suspects.run(run) : run.run()
  }

  /** Messages of a run go out only while their task may run: the worker says so, whoever made them. */
  async #runAdmitted(run: string, envelope: Envelope, claim: ClaimGranted, claimedAt: number): Promise<void> {
    const { tasks } = this.#options
    const admission = (await tasks?.admit(run)) ?? 'go'
    const admits = async (): Promise<boolean> => tasks === undefined || (await tasks.admit(run)) === 'go'
    if (admission === 'go') return this.#runMessages(envelope, claim, claimedAt, admits)
    if (admission === 'cancel') return this.#runMessages(envelope, await this.#cancelled(claim), claimedAt)
    const { entry, token } = claim
    await this.#context.ledger.yield([{ entry, token }], admission.until)
    await this.#comeAgain(envelope, admission.until)
  }

  /** The claim without the messages that could be cancelled: what may have gone out is settled as ever. */
  async #cancelled(claim: ClaimGranted): Promise<ClaimGranted> {
    const waiting = claim.messages.filter(({ state }) => state === 'waiting')
    const answers = await this.#context.ledger.cancel(waiting.map(({ id }) => id))
    const gone = new Set<ClaimedMessage>()
    for (const [index, message] of waiting.entries()) {
      if (answers[index] !== 'cancelled') continue
      gone.add(message)
      this.#context.ended(message, { state: 'done', outcome: 'cancelled', reason: { code: 'cancelled' } })
    }
    return { ...claim, messages: claim.messages.filter((message) => !gone.has(message)) }
  }

  /** Somebody else works on it, or nobody has to. */
  async #passOver(envelope: Envelope, claim: Exclude<Claim, ClaimGranted> | undefined): Promise<void> {
    await this.#context.pool.ack([envelope])
    if (claim?.status === 'not-due') this.#context.push([{ ...envelope, due: claim.due }])
  }

  async #runTask(envelope: Envelope, cargo: TaskCargo, claim: ClaimGranted): Promise<void> {
    const due = await this.#options.tasks?.work(envelope, cargo, claim)
    if (due === undefined) return this.#context.pool.ack([envelope])
    await this.#comeAgain(envelope, due)
  }

  /** Its lease was given back until then. */
  async #comeAgain(envelope: Envelope, due: number): Promise<void> {
    await this.#context.pool.ack([envelope])
    this.#context.push([{ ...envelope, due }])
  }

  #ended(envelope: Envelope): void {
    this.#slots.free(messagesIn(envelope))
    this.#works -= 1
    if (this.#works > 0) return
    this.#options.release()
    for (const idle of this.#idlers.splice(0)) idle()
  }

  /** Its messages come again, by its lease or by the sweep. */
  #failed(envelope: Envelope, error: unknown): void {
    const fields = { envelope: envelope.id, ...traceOf(error) }
    this.#context.logger.error(fields, 'an envelope failed; its messages come again')
    this.#ended(envelope)
  }

  #notClaimed(envelopes: readonly Envelope[], error: unknown): void {
    const fields = { envelopes: envelopes.length, error: errorName(error) }
    this.#context.logger.error(fields, 'envelopes could not be claimed; they come again')
    for (const envelope of envelopes) this.#ended(envelope)
  }
}

function messagesIn({ cargo }: Envelope): number {
  return cargo.kind === 'messages' ? cargo.positions.length : 1
}

/** Where it happened. The text of an error that is not ours may hold what must not be logged, so it stays out. */
function traceOf(error: unknown): { error: string; at?: string } {
  if (!(error instanceof Error)) return { error: typeof error }
  const at = error.stack
    ?.split('\n')
    .filter((line) => line.startsWith('    at '))
    .join('\n')
  return { error: errorName(error), ...(at !== undefined && { at }) }
}
