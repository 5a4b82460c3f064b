import type { ClaimGranted, ClaimedMessage, DeliveryOutcome, Envelope, SettleResult, Settled } from '../spec/index.js'
import { gateContext } from './dispatch-context.js'
import type { DispatchContext } from './dispatch-context.js'
import { legAfter } from './outcome.js'
import { attemptEvent, moveLeg } from './outbound.js'
import type { Attempt, Journey } from './journey.js'
import { messageItem, takeEvents } from './journey.js'
import type { HeldLease } from './lease-keeper.js'
import { applyMessageDecision } from './decisions.js'
import { concludeJourney, planJourney } from './plan-journey.js'
import { prepare } from './prepare.js'
import type { Prepared } from './prepare.js'
import { SettlementBuffer } from './settlement-buffer.js'
import { runSlice } from './slice.js'
import type { SliceHost } from './slice-host.js'
import { sliceGroups } from './slice-groups.js'
import { endHeld } from '../gates/end-held.js'
import { parseProgress } from '../route/progress.js'
import type { Turns } from './turns.js'
import { afterCrashes, reservationOf, resolveReservations, settleInterrupted } from './takeover.js'

/** Works on one claimed envelope, from its claim to its last settlement. */
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
  /** Something was left to another process, because this one stops. */
  left = false

  constructor(context: DispatchContext, turns: Turns, envelope: Envelope, claim: ClaimGranted, claimedAt: number) {
    const leaseMs = context.leaseMs(envelope)
    this.context = context
    this.turns = turns
    this.envelope = envelope
    this.claim = claim
    this.parcel = envelope.cargo.kind === 'messages' ? envelope.cargo.parcel : ''
    const { entry, token } = claim
    const until = claimedAt + leaseMs
    this.lease = { entry, token, envelope, leaseMs, until, lost: false, before: undefined, after: undefined }
    this.#buffer = new SettlementBuffer(envelope, claim.token, this.parcel, context.storeNow)
  }

  async run(): Promise<void> {
    this.context.leases.hold(this.lease)
    try {
      if (this.turns.over) await this.turns.next(this.envelope.lane)
      if (this.claim.before !== undefined) await this.#resolveBefore()
      const prepared = prepare(this.#fresh(), this.context)
      let open = this.#journeys(prepared instanceof Promise ? await prepared : prepared)
      if (this.context.gates.has('message')) open = await this.#passMessageGates(open)
      while (open.length > 0 && !this.left) {
        const planned = open.filter((journey) => this.#plan(journey))
        for (const slice of sliceGroups(planned, this.envelope.lane)) {
          if (this.turns.over) await this.turns.next(this.envelope.lane)
          if (!this.#goesOn()) break
          await runSlice(this, slice)
        }
        open = planned.filter(({ stopped }) => stopped)
      }
      if (this.left || this.lease.lost) await this.#giveBack()
      else await this.flush(true)
    } finally {
      this.context.leases.drop(this.lease)
    }
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

  settle(message: ClaimedMessage, to: Settled, journey?: Journey): void {
    this.#buffer.add(message, to, journey === undefined ? [] : takeEvents(journey))
  }

  /** The common end: one attempt, and sent. */
  settleSent({ message, attempts }: Journey): void {
    const [attempt] = attempts
    if (attempt !== undefined) this.#buffer.addSent(message, attempt)
  }

  get hasResults(): boolean {
    return !this.#buffer.isEmpty
  }

  takeSettlement(finish: boolean): ReturnType<SettlementBuffer['take']> {
    return this.#buffer.take(finish, this.context.nextId)
  }

  flush(finish: boolean): Promise<void> {
    const { settlement, messages } = this.takeSettlement(finish)
    return this.context.settle(settlement).then(({ settled, envelopes }) => {
      this.settled(settlement.results, messages, settled)
      this.context.push(envelopes)
    })
  }

  /** Tells who waits for these messages; those that had moved on are passed over. */
  settled(
    results: readonly Pick<SettleResult, 'to' | 'events'>[],
    messages: readonly ClaimedMessage[],
    positions: readonly number[],
  ): void {
    const taken = positions.length === messages.length ? undefined : new Set(positions)
    for (const [index, message] of messages.entries()) {
      const result = results[index]
      if (result === undefined || taken?.has(message.position) === false) continue
      this.context.tell?.(message, result.events)
      if (result.to.state !== 'waiting') this.context.ended(message, result.to)
    }
  }

  /** An answer that came after its deadline: evidence for a message that is held. */
  late = (attempt: Attempt, outcome: DeliveryOutcome): void => {
    if (outcome.kind !== 'sent') return
    const { journey } = attempt
    attempt.outcome = outcome
    // Others of its slice are in the air: it counts when they have landed.
    if (!journey.concluded) return
    const before = journey.progress
    const leg = legAfter(attempt, outcome, { now: this.context.storeNow(), random: this.context.random })
    moveLeg(journey, attempt.channel.name, leg, attemptEvent(attempt, leg, this.context.storeNow()))
    const buffer = new SettlementBuffer(this.envelope, this.claim.token, this.parcel, this.context.storeNow)
    buffer.add(journey.message, concludeJourney(journey, this.context), takeEvents(journey))
    const { settlement, messages } = buffer.take(false, this.context.nextId)
    const record = async (): Promise<void> => {
      const { settled, envelopes } = await this.context.settle(settlement)
      this.settled(settlement.results, messages, settled)
      this.context.push(envelopes)
      if (settled.length > 0)
        await endHeld(journey.message.id, before, 'confirm', this.context.gates, attempt.channel.name)
    }
    record().catch(() =>
      this.context.logger.warn({ message: journey.message.id }, 'late evidence could not be recorded'),
    )
  }

  /** The messages that travel. What a dead process was sending, and what was held for too long, is ended here. */
  #fresh(): readonly ClaimedMessage[] {
    const fresh = this.claim.messages.filter((message) => message.state === 'waiting' || this.#endOther(message))
    const crashes = afterCrashes(this.claim)
    return crashes === 'go-on' ? fresh : this.#splitOrPark(fresh, crashes)
  }

  #journeys(prepared: readonly Prepared[]): Journey[] {
    const journeys: Journey[] = []
    for (const one of prepared) {
      if ('journey' in one) journeys.push(one.journey)
      else this.settle(one.message, one.to)
    }
    return journeys
  }

  async #resolveBefore(): Promise<void> {
    const { cargo } = this.envelope
    if (cargo.kind !== 'messages') return
    const ids = cargo.positions.map((position) => `${cargo.parcel}.${position}`)
    await resolveReservations(this.claim, ids, this.context)
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
    const taken = before !== undefined && message.slice !== undefined && this.context.gates.consumes
    const reservation = taken ? reservationOf(entry, before.token, message.slice) : undefined
    const { to, journey } = settleInterrupted(message, this.context, reservation)
    this.settle(message, to, journey)
    return false
  }

  #splitOrPark(messages: readonly ClaimedMessage[], how: 'split' | 'park'): readonly ClaimedMessage[] {
    const reason = { code: 'crashes-exhausted' }
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

  /** False where there is nothing to attempt: the message is settled. */
  #plan(journey: Journey): boolean {
    journey.stopped = false
    const plan = planJourney(journey, this.context)
    if ('to' in plan) this.settle(journey.message, plan.to, journey)
    else journey.attempts = plan.attempts
    return !('to' in plan)
  }

  async #giveBack(): Promise<void> {
    if (this.hasResults) await this.flush(false)
    if (this.lease.lost) return
    await this.context.ledger.yield([this.lease])
    // Where this process goes on, it need not wait for a sweep to find what it left.
    if (!this.context.stopping.aborted) this.context.push([this.envelope])
  }
}
