import type { ChannelDriver, DeliveryOutcome, DeliveryRequest } from '../spec/index.js'
import { Deadline } from './deadline.js'
import { deliveryRequest } from './delivery-request.js'
import { driverCalls } from './driver-calls.js'
import type { DriverCall } from './driver-calls.js'
import type { Attempt } from './journey.js'
import { outcomeOfError, parseOutcome } from './outcome.js'
import { sandboxed } from './sandboxed.js'
import type { SliceHost } from './slice-host.js'

/** How long a driver may take to end after its signal was aborted. */
const graceMs = 250
/** The lease ran out, or the process must end: nothing was tried, and no attempt is counted. */
export const notAttempted: DeliveryOutcome = { kind: 'retry', reason: 'not-attempted' }
const unreadable: DeliveryOutcome = { kind: 'rejected', reason: 'address-unreadable', invalidAddress: true }

/**
 * Makes one attempt each and waits for all outcomes, none longer than its deadline: the driver's time-out, or the
 * message's ttl where that is sooner. What comes after the deadline goes to `late`.
 */
export class Delivery {
  readonly #host: SliceHost
  readonly #attempts: readonly Attempt[]
  #deadlines: readonly Deadline[] = []
  #open: number
  #done: () => void = () => {}

  constructor(host: SliceHost, attempts: readonly Attempt[]) {
    this.#host = host
    this.#attempts = attempts
    this.#open = attempts.length
  }

  /** Resolves when each attempt has its outcome. */
  run(): Promise<void> {
    const done = new Promise<void>((resolve) => {
      this.#done = resolve
    })
    const calls = driverCalls(this.#attempts)
    const [only] = calls
    if (calls.length === 1 && only !== undefined) this.#start(only)
    else void this.#startAll(calls)
    return done
  }

  /** Starts all, giving way to others by time: a driver may need a millisecond of its own for each. */
  async #startAll(calls: readonly DriverCall[]): Promise<void> {
    const { turns, envelope } = this.#host
    for (const call of calls) {
      if (turns.over) await turns.next(envelope.lane)
      this.#start(call)
    }
  }

  #start(call: DriverCall): void {
    if (!('length' in call)) {
      if (this.#leaves(call)) this.#startOne(call)
      return
    }
    const group = call.filter((attempt) => this.#leaves(attempt))
    const [first] = group
    if (first === undefined) return
    if (group.length === 1) this.#startOne(first)
    else this.#startBatch(first.provider.driver, group)
  }

  /** False for what ends here: without a lease nothing leaves, nor in the sandbox, nor past its ttl. */
  #leaves(attempt: Attempt): boolean {
    const { context, mayStart } = this.#host
    const { sandbox, expires } = attempt.journey.message
    if (!mayStart) this.#end(attempt, notAttempted)
    else if (sandbox || context.sandbox) this.#end(attempt, sandboxed)
    else if (expires !== undefined && expires <= context.storeNow()) this.#end(attempt, notAttempted)
    else return true
    return false
  }

  #startOne(attempt: Attempt): void {
    const { driver } = attempt.provider
    const request = this.#request(attempt)
    if (request === undefined) return
    const deadline = this.#deadlineOf(attempt, driver)
    try {
      const answer: unknown = driver.deliver(request, deadline.context)
      // In plain JavaScript a driver may answer at once.
      const answered = answer instanceof Promise ? answer : Promise.resolve(answer)
      answered.then(
        (outcome) => this.#answer(attempt, parseOutcome(outcome)),
        (error: unknown) => this.#answer(attempt, outcomeOfError(error)),
      )
    } catch (error) {
      this.#answer(attempt, outcomeOfError(error))
    }
  }

  #startBatch(driver: ChannelDriver, attempts: readonly Attempt[]): void {
    const group: Attempt[] = []
    const requests: DeliveryRequest[] = []
    let deadline: Deadline | undefined
    for (const attempt of attempts) {
      const request = this.#request(attempt)
      if (request === undefined) continue
      deadline = this.#deadlineOf(attempt, driver)
      group.push(attempt)
      requests.push(request)
    }
    if (deadline === undefined) return
    const { context } = deadline
    void settleCalls(
      async () => (await driver.deliverBatch?.(requests, context)) ?? [],
      group,
      (each, outcome) => this.#answer(each, outcome),
    )
  }

  /** Undefined for an address that no idempotency key can be made of: the attempt ends here. */
  #request(attempt: Attempt): DeliveryRequest | undefined {
    try {
      return deliveryRequest(attempt, this.#host.context)
    } catch {
      this.#end(attempt, unreadable)
      return undefined
    }
  }

  #answer(attempt: Attempt, outcome: DeliveryOutcome): void {
    if (attempt.outcome === undefined) this.#end(attempt, outcome)
    else this.#host.late(attempt, outcome)
  }

  #end(attempt: Attempt, outcome: DeliveryOutcome): void {
    const { context } = this.#host
    attempt.outcome = outcome
    if (context.gates.observes || context.health !== undefined) {
      attempt.tookMs = attempt.deadline === undefined ? 0 : context.clock.monotonic() - attempt.startedAt
      if (tellsOfProvider(attempt)) context.health?.observe(attempt, outcome)
    }
    this.#open -= 1
    if (this.#open > 0) return
    for (const deadline of this.#deadlines) context.deadlines.delete(deadline)
    this.#done()
  }

  #deadlineOf(attempt: Attempt, driver: ChannelDriver): Deadline {
    const { context } = this.#host
    const { expires } = attempt.journey.message
    const { timeoutMs } = driver.capabilities
    const forMs = expires === undefined ? timeoutMs : Math.min(timeoutMs, expires - context.storeNow())
    attempt.startedAt = context.clock.monotonic()
    const at = Math.floor(attempt.startedAt + Math.max(0, forMs))
    const known = this.#deadlines.find((deadline) => deadline.at === at && deadline.driver === driver)
    const deadline = known ?? new Deadline(at, driver, context, this.#giveUp)
    attempt.deadline = deadline
    if (known !== undefined) return known
    this.#deadlines = this.#deadlines.concat(deadline)
    context.deadlines.add(deadline)
    return deadline
  }

  /** The signal is aborted; a driver that knows more than `unknown` has a moment to say so. */
  readonly #giveUp = (passed: Deadline): void => {
    this.#host.context.clock.setTimer(graceMs, () => {
      for (const attempt of this.#attempts) {
        if (attempt.deadline === passed && attempt.outcome === undefined)
          this.#end(attempt, { kind: 'unknown', reason: 'deadline-passed' })
      }
    })
  }
}

/** An attempt that was cut short, by its message's ttl or because the process ends, says nothing of the provider. */
function tellsOfProvider({ deadline, provider, tookMs }: Attempt): boolean {
  return deadline !== undefined && (!deadline.hasPassed || tookMs >= provider.driver.capabilities.timeoutMs)
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
