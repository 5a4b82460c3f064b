import { setMaxListeners } from 'node:events'
import type { ChannelDriver, DeliveryContext, DeliveryOutcome, DeliveryRequest } from '../spec/index.js'
import type { Watched } from './deadline-watch.js'
import type { DispatchContext } from './dispatch-context.js'
import { idempotencyKey } from './idempotency-key.js'
import type { Attempt } from './journey.js'
import { outcomeOfError, parseOutcome } from './outcome.js'
import type { Turns } from './turns.js'

/** How long a driver may take to end after its signal was aborted. */
const graceMs = 250
/** The lease ran out, or the process must end: nothing was tried, and no attempt is counted. */
export const notAttempted: DeliveryOutcome = { kind: 'retry', reason: 'not-attempted' }
const sandboxed: DeliveryOutcome = { kind: 'sent', providerId: 'sandbox' }

/** Messages of one slice and driver that share a deadline, hence a signal, which is made when a driver first asks for it. */
class Deadline implements Watched {
  readonly attempts: Attempt[] = []
  readonly context: DeliveryContext
  #controller: AbortController | undefined
  #passed = false

  constructor(
    /** Monotonic time. */
    readonly at: number,
    readonly driver: ChannelDriver,
    context: DispatchContext,
    readonly passed: (deadline: Deadline) => void,
  ) {
    this.context = deliveryContext(this, context)
  }

  get signal(): AbortSignal {
    this.#controller ??= sharedController()
    if (this.#passed) this.#controller.abort(timedOut())
    return this.#controller.signal
  }

  /**
   * All have ended. A set that changes all the time keeps what it once held from the young generation's collector (V8
   * chains its outgrown tables), so what it held must hold nothing.
   */
  letGo(): void {
    this.attempts.length = 0
  }

  expire(): void {
    this.#passed = true
    this.#controller?.abort(timedOut())
    this.passed(this)
  }
}

/** Any number of attempts may listen: that is no leak to warn of. */
function sharedController(): AbortController {
  const controller = new AbortController()
  setMaxListeners(0, controller.signal)
  return controller
}

function timedOut(): DOMException {
  return new DOMException('the deadline of the attempt has passed', 'TimeoutError')
}

/**
 * Makes one attempt each and waits for all outcomes, none longer than its deadline: the driver's time-out, or the
 * message's ttl where that is sooner. What comes after the deadline goes to `late`.
 */
export class Delivery {
  readonly #context: DispatchContext
  readonly #turns: Turns
  readonly #late: (attempt: Attempt, outcome: DeliveryOutcome) => void
  readonly #deadlines: Deadline[] = []
  #open = 0
  #started = 0
  #done: () => void = () => {}

  constructor(context: DispatchContext, turns: Turns, late: (attempt: Attempt, outcome: DeliveryOutcome) => void) {
    this.#context = context
    this.#turns = turns
    this.#late = late
  }

  /** Resolves when each attempt has its outcome. */
  run(attempts: readonly Attempt[], mayStart: () => boolean): Promise<void> {
    this.#open = attempts.length
    this.#started = this.#context.clock.monotonic()
    const done = new Promise<void>((resolve) => {
      this.#done = resolve
    })
    const batches = batchesOf(attempts)
    if (batches.length === 1) this.#startIf(mayStart(), batches[0])
    else void this.#startAll(batches, mayStart)
    return done
  }

  /** Starts all, giving way to others by time: a driver may need a millisecond of its own for each. */
  async #startAll(batches: readonly (readonly Attempt[])[], mayStart: () => boolean): Promise<void> {
    const lane = batches[0]?.[0]?.journey.message.lane ?? 'P2'
    for (const batch of batches) {
      if (this.#turns.over) await this.#turns.next(lane)
      this.#startIf(mayStart(), batch)
    }
  }

  #startIf(may: boolean, batch: readonly Attempt[] = []): void {
    if (may) this.#start(batch.filter((attempt) => this.#leaves(attempt)))
    else for (const attempt of batch) this.#end(attempt, notAttempted)
  }

  /** False for what ends here: in the sandbox nothing leaves, and nothing does past its ttl. */
  #leaves(attempt: Attempt): boolean {
    const { sandbox, expires } = attempt.journey.message
    if (sandbox || this.#context.sandbox) this.#end(attempt, sandboxed)
    else if (expires !== undefined && expires <= this.#context.storeNow()) this.#end(attempt, notAttempted)
    else return true
    return false
  }

  #start(group: readonly Attempt[]): void {
    const [first] = group
    if (first === undefined) return
    const { driver } = first.provider
    const deadline = this.#deadlineOf(group, driver)
    deadline.attempts.push(...group)
    this.#call(driver, group, deadline.context)
  }

  #call(driver: ChannelDriver, group: readonly Attempt[], context: DeliveryContext): void {
    const requests = requestsOf(group)
    if (requests === undefined) {
      for (const attempt of group)
        this.#end(attempt, { kind: 'rejected', reason: 'address-unreadable', invalidAddress: true })
      return
    }
    const [request] = requests
    const [attempt] = group
    if (request === undefined || attempt === undefined) return
    if (driver.deliverBatch === undefined || group.length === 1) {
      this.#callOne(driver, attempt, request, context)
      return
    }
    void settleCalls(
      async () => (await driver.deliverBatch?.(requests, context)) ?? [],
      group,
      (each, outcome) => this.#answer(each, outcome),
    )
  }

  #callOne(driver: ChannelDriver, attempt: Attempt, request: DeliveryRequest, context: DeliveryContext): void {
    try {
      driver.deliver(request, context).then(
        (outcome) => this.#answer(attempt, parseOutcome(outcome)),
        (error: unknown) => this.#answer(attempt, outcomeOfError(error)),
      )
    } catch (error) {
      this.#answer(attempt, outcomeOfError(error))
    }
  }

  #answer(attempt: Attempt, outcome: DeliveryOutcome): void {
    if (attempt.outcome === undefined) this.#end(attempt, outcome)
    else this.#late(attempt, outcome)
  }

  #end(attempt: Attempt, outcome: DeliveryOutcome): void {
    attempt.outcome = outcome
    if (this.#context.gates.observes) attempt.tookMs = this.#context.clock.monotonic() - this.#started
    this.#open -= 1
    if (this.#open > 0) return
    for (const deadline of this.#deadlines) {
      this.#context.deadlines.delete(deadline)
      deadline.letGo()
    }
    this.#done()
  }

  #deadlineOf(group: readonly Attempt[], driver: ChannelDriver): Deadline {
    const now = this.#context.storeNow()
    let forMs = driver.capabilities.timeoutMs
    for (const { journey } of group) forMs = Math.min(forMs, (journey.message.expires ?? Infinity) - now)
    const at = Math.floor(this.#context.clock.monotonic() + Math.max(0, forMs))
    const known = this.#deadlines.find((deadline) => deadline.at === at && deadline.driver === driver)
    if (known !== undefined) return known
    const deadline = new Deadline(at, driver, this.#context, (passed) => this.#giveUp(passed))
    this.#deadlines.push(deadline)
    this.#context.deadlines.add(deadline)
    return deadline
  }

  /** The signal is aborted; a driver that knows more than `unknown` has a moment to say so. */
  #giveUp({ attempts }: Deadline): void {
    this.#context.clock.setTimer(graceMs, () => {
      for (const attempt of attempts) {
        if (attempt.outcome === undefined) this.#end(attempt, { kind: 'unknown', reason: 'deadline-passed' })
      }
    })
  }
}

/** What every attempt with this deadline is given. */
function deliveryContext(deadline: Deadline, context: DispatchContext): DeliveryContext {
  const { fetch, clock, random, logger, state } = context
  return {
    get signal() {
      return deadline.signal
    },
    get deadline() {
      return clock.now() + deadline.at - clock.monotonic()
    },
    fetch,
    clock,
    random,
    logger,
    state,
    report: (event) => context.report(event, deadline.driver),
  }
}

/** Calls of one driver each: single ones, or as many as its batch takes. */
function batchesOf(attempts: readonly Attempt[]): Attempt[][] {
  const batches: Attempt[][] = []
  const open = new Map<string, Attempt[]>()
  for (const attempt of attempts) {
    const { driver } = attempt.provider
    const key = batchKey(attempt)
    const batch = open.get(key)
    const most = driver.deliverBatch === undefined ? 1 : driver.capabilities.batch
    if (batch !== undefined && batch.length < most) {
      batch.push(attempt)
      continue
    }
    const next = [attempt]
    if (most > 1) open.set(key, next)
    batches.push(next)
  }
  return batches
}

/** What shares a call: one driver, and one ttl, since a short one would cut off the others. */
function batchKey({ channel, provider, journey }: Attempt): string {
  return `${channel.name}:${provider.name}:${journey.message.expires ?? ''}`
}

async function settleCalls(
  call: () => Promise<readonly DeliveryOutcome[]>,
  group: readonly Attempt[],
  answer: (attempt: Attempt, outcome: DeliveryOutcome) => void,
): Promise<void> {
  const outcomes = await outcomesOf(call, group.length)
  for (const [index, attempt] of group.entries()) answer(attempt, outcomes[index] ?? parseOutcome(undefined))
}

/** As many outcomes as there were requests, whatever the driver did. */
async function outcomesOf(call: () => Promise<readonly DeliveryOutcome[]>, count: number): Promise<DeliveryOutcome[]> {
  try {
    const outcomes: unknown = await call()
    const whole = Array.isArray(outcomes) && outcomes.length === count
    return Array.from({ length: count }, (_, index) => parseOutcome(whole ? outcomes[index] : undefined))
  } catch (error) {
    return Array.from({ length: count }, () => outcomeOfError(error))
  }
}

/** What the driver is asked; undefined for an address that no idempotency key can be made of. */
function requestsOf(group: readonly Attempt[]): DeliveryRequest[] | undefined {
  try {
    return group.map(requestOf)
  } catch {
    return undefined
  }
}

function requestOf(attempt: Attempt): DeliveryRequest {
  const { journey, channel, address, content, number } = attempt
  const { message, definition, recipient } = journey
  return {
    id: message.id,
    tenant: message.tenant,
    type: message.type,
    lane: message.lane,
    purpose: definition.purpose,
    to: address,
    content,
    recipient: { id: recipient.id, locale: recipient.locale },
    idempotencyKey: idempotencyKey(message.id, channel.name, address),
    attempt: number,
  }
}
