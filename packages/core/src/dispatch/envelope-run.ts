import type { ClaimGranted, ClaimedMessage, DeliveryOutcome, Envelope, SettleAnswer, Settled } from '../spec/index.js'
import { gateContext } from './dispatch-context.js'
import type { DispatchContext } from './dispatch-context.js'
import type { Attempt, Journey } from './journey.js'
import { messageItem, takeEvents } from './journey.js'
import { takeLate } from './late-evidence.js'
import { endOfLeader, handBack, isEnding, passDigests } from '../digest/index.js'
import type { HeldLease } from './lease-keeper.js'
import { applyMessageDecision } from './decisions.js'
import { planJourney } from './plan-journey.js'
import type { RecipientBook } from '../directory/recipient-reader.js'
import { prepare, readRecipients } from './prepare.js'
import { SettlementBuffer } from './settlement-buffer.js'
import type { Taken } from './settlement-buffer.js'
import { runSlice } from './slice.js'
import type { SliceHost } from './slice-host.js'
import { sliceGroups } from './slice-groups.js'
import { endHeld } from '../gates/end-held.js'
import { parseProgress } from '../route/progress.js'
import type { Turns } from './turns.js'
import { resolveReservations } from './resolve-reservations.js'
import { afterCrashes, crashesExhausted, reservationOf, settleInterrupted } from './takeover.js'

const putOffMs = 500
/** A task that is paused is known after half a second; an envelope may take longer than that. */
const admittedMs = 250
/** After so long it is looked again whether a gate can be told what a dead process had taken. */
const unresolvedMs = 5_000

/** Works on one claimed envelope, from its claim to its ack. */
export class EnvelopeRun implements SliceHost {
  readonly context: DispatchContext
  readonly turns: Turns
  readonly envelope: Envelope
  readonly claim: ClaimGranted
  readonly lease: HeldLease
  readonly parcel: string
  readonly #buffer: SettlementBuffer
  /** How many slices this lease has named. */
  slices = 0
  begunSlices = 0
  /** Something was left to another process, because this one stops. */
  left = false
  #urges = false
  /** Another suspect is being tried: this one is given back as it is, so that it does not count as tried. */
  isPutOff = false
  #isUnresolved = false
  readonly #admits: (() => Promise<boolean>) | undefined
  #admittedAt: number

  /** `admits`: whether the task that its messages are of may go on; undefined for messages of none. */
  constructor(
    context: DispatchContext,
    turns: Turns,
    envelope: Envelope,
    claim: ClaimGranted,
    claimedAt: number,
    admits?: () => Promise<boolean>,
  ) {
    const leaseMs = context.leaseMs(envelope)
    this.context = context
    this.turns = turns
    this.envelope = envelope
    this.claim = claim
    this.parcel = envelope.cargo.kind === 'messages' ? envelope.cargo.parcel : ''
    const { entry, token } = claim
    const until = claimedAt + leaseMs
    this.lease = { entry, token, envelope, leaseMs, until, lost: false, before: undefined, after: undefined }
    this.#admits = admits
    this.#admittedAt = context.clock.monotonic()
    this.#buffer = new SettlementBuffer(envelope, claim.token, this.parcel, context.storeNow)
  }

  async run(): Promise<void> {
    const { context, envelope } = this
    context.leases.hold(this.lease)
    this.#urges = envelope.lane === 'P0'
    if (this.#urges) this.turns.urge()
    try {
      if (this.turns.mustWait(envelope.lane)) await this.turns.next(envelope.lane)
      const waiting = this.claim.messages.filter((message) => message.state === 'waiting' || this.#endOther(message))
      if (this.claim.before.length > 0) await this.#resolveBefore()
      this.left ||= this.isPutOff || this.#isUnresolved
      let messages = this.left ? [] : this.#fresh(waiting)
      if (messages.some(isEnding)) messages = await handBack(this, messages)
      const book = readRecipients(messages, context)
      let open = this.#journeys(messages, book instanceof Promise ? await book : book)
      if (open.some(({ definition }) => definition.digest !== undefined)) open = await passDigests(this, open)
      if (context.gates.has('message')) open = await this.#passMessageGates(open)
      while (open.length > 0 && !this.left) {
        for (const journey of open) this.#plan(journey)
        for (const slice of sliceGroups(open, envelope.lane)) {
          if (this.turns.mustWait(envelope.lane)) await this.turns.next(envelope.lane)
          if (!this.#goesOn()) break
          await runSlice(this, slice)
        }
        open = open.filter(({ stopped }) => stopped)
      }
      if (this.left || this.lease.lost) await this.#giveBack()
      else await this.flush(true)
    } finally {
      context.leases.drop(this.lease)
      this.calm()
    }
    await context.pool.ack([envelope])
  }

  /** An urgent message has reached its driver, or its end: others need not wait for it any longer. */
  calm(): void {
    if (!this.#urges) return
    this.#urges = false
    this.turns.calm()
  }

  /** False where the process stops or the lease ran out: what is not begun is left. */
  #goesOn(): boolean {
    this.left ||= this.context.stopping.aborted || !this.holdsLease
    return !this.left
  }

  /** False once the lease ran out by this process' own time, or another process has it. */
  get holdsLease(): boolean {
    return !this.lease.lost && this.context.clock.monotonic() < this.lease.until
  }

  get mayStart(): boolean {
    return this.holdsLease && !this.context.aborting.aborted
  }

  mayBegin(): boolean | Promise<boolean> {
    const now = this.context.clock.monotonic()
    if (this.#admits === undefined || now - this.#admittedAt < admittedMs) return true
    this.#admittedAt = now
    return this.#admits()
  }

  settle(message: ClaimedMessage, to: Settled, journey?: Journey): void {
    const end = message.progress === undefined ? to : endOfLeader(message, to, this.context.storeNow())
    this.#buffer.add(message, end, journey === undefined ? [] : takeEvents(journey))
  }

  /** The common end: one attempt, and sent. */
  settleSent({ message, attempts }: Journey): void {
    const [attempt] = attempts
    if (attempt !== undefined) this.#buffer.addSent(message, attempt)
  }

  get hasResults(): boolean {
    return !this.#buffer.isEmpty
  }

  takeSettlement(finish: boolean): Taken {
    return this.#buffer.take(finish, this.context.nextId)
  }

  flush(finish: boolean): Promise<void> {
    const taken = this.takeSettlement(finish)
    return this.context.settle(taken.settlement, this.envelope.lane).then((answer) => this.flushed(taken, answer))
  }

  async settleThen<Answer>(work: () => Promise<Answer>): Promise<Answer> {
    if (!this.hasResults) return work()
    const taken = this.takeSettlement(false)
    const answer = await this.context.settle(taken.settlement, this.envelope.lane)
    this.flushed(taken, { ...answer, envelopes: [] })
    try {
      return await work()
    } finally {
      this.context.push(answer.envelopes)
    }
  }

  /** Tells who waits for these messages; those that had moved on are passed over. */
  flushed({ settlement, messages }: Taken, { settled, envelopes }: SettleAnswer): void {
    const taken = settled.length === messages.length ? undefined : new Set(settled)
    for (const [index, message] of messages.entries()) {
      const result = settlement.results[index]
      if (result === undefined || taken?.has(message.position) === false) continue
      this.context.tell?.(message, result.events)
      if (result.to.state !== 'waiting') this.context.ended(message, result.to)
    }
    this.context.push(envelopes)
  }

  late(attempt: Attempt, outcome: DeliveryOutcome): void {
    takeLate(attempt, outcome, this.context)
  }

  /** The messages that travel. */
  #fresh(waiting: readonly ClaimedMessage[]): readonly ClaimedMessage[] {
    const crashes = afterCrashes(this.claim)
    return crashes === 'split' || crashes === 'park' ? this.#splitOrPark(waiting, crashes) : waiting
  }

  /** Those that can travel; the others are settled. */
  #journeys(messages: readonly ClaimedMessage[], book: RecipientBook): Journey[] {
    const journeys: Journey[] = []
    for (const message of messages) {
      const prepared = prepare(message, book, this.context)
      if ('to' in prepared) this.settle(message, prepared.to)
      else journeys.push(prepared)
    }
    return journeys
  }

  /**
   * What becomes of the reservations of dead leases follows from the ledger, so that what they were sending is ended there
   * first. Where a gate cannot be told, nothing is begun or finished: whoever claims next is told of those leases again.
   */
  async #resolveBefore(): Promise<void> {
    const { cargo } = this.envelope
    if (cargo.kind !== 'messages') return
    const resolve = async (): Promise<boolean> => resolveReservations(this.claim, cargo, this.context)
    this.#isUnresolved = !(await (this.context.gates.consumes ? this.settleThen(resolve) : resolve()))
    if (!this.#isUnresolved && !this.isPutOff) this.context.takeovers.count += 1
  }

  /** Ends a message that is held, or that a dead process was sending; false: it does not travel. */
  #endOther(message: ClaimedMessage): false {
    if (message.state === 'held') {
      const reason = { code: 'unresolved', ...(message.reason !== undefined && { detail: message.reason.code }) }
      this.settle(message, { state: 'done', outcome: 'unresolved', reason })
      // Nobody will know any more: it may have gone out, so it counts.
      void endHeld(message.id, parseProgress(message.progress), 'confirm', this.context.gates)
      return false
    }
    const { before, entry } = this.claim
    const [began] = before
    const taken = began !== undefined && message.slice !== undefined && this.context.gates.consumes
    const reservation = taken ? reservationOf(entry, began.token, message.slice) : undefined
    const { to, journey } = settleInterrupted(message, this.context, reservation)
    this.settle(message, to, journey)
    return false
  }

  #splitOrPark(messages: readonly ClaimedMessage[], how: 'split' | 'park'): readonly ClaimedMessage[] {
    const reason = { code: crashesExhausted }
    const fields = { envelope: this.envelope.id, messages: messages.length, takeovers: this.claim.takeovers }
    if (how === 'park') this.context.logger.error(fields, 'a message is parked: its workers died')
    else this.context.logger.warn(fields, 'an envelope is split into single messages: its workers died')
    for (const [index, message] of messages.entries()) {
      const progress = message.progress === undefined ? {} : { progress: message.progress }
      // A due time of its own gives each an entry of its own.
      const due = this.context.storeNow() + index * 100
      this.settle(
        message,
        how === 'park' ? { state: 'done', outcome: 'parked', reason } : { state: 'waiting', due, reason, ...progress },
      )
    }
    return []
  }

  async #passMessageGates(journeys: Journey[]): Promise<Journey[]> {
    const { gates } = this.context
    const context = gateContext(this.context)
    const decisions = await gates.check('message', journeys.map(messageItem), context)
    return journeys.filter((journey, index) => {
      const decision = decisions[index]
      const to = decision === undefined ? undefined : applyMessageDecision(journey, decision, this.context)
      if (to !== undefined) this.settle(journey.message, to, journey)
      return to === undefined
    })
  }

  /** Finds what is to be attempted; where there is nothing, the message is settled. */
  #plan(journey: Journey): void {
    const plan = planJourney(journey, this.context)
    journey.stopped = false
    journey.attempts = 'to' in plan ? [] : plan.attempts
    if ('to' in plan) this.settle(journey.message, plan.to, journey)
  }

  async #giveBack(): Promise<void> {
    if (this.hasResults) await this.flush(false)
    if (this.lease.lost) return
    if (this.#isUnresolved) return this.#giveBackForLater(unresolvedMs)
    if (this.isPutOff) return this.#giveBackForLater(putOffMs)
    await this.context.ledger.yield([this.lease])
    // Where this process goes on, it need not wait for a sweep to find what it left.
    if (!this.context.stopping.aborted) this.context.push([this.envelope])
  }

  async #giveBackForLater(afterMs: number): Promise<void> {
    const due = this.context.storeNow() + afterMs
    await this.context.ledger.yield([this.lease], due)
    this.context.push([{ ...this.envelope, due }])
  }
}
