import { setMaxListeners } from 'node:events'
import type { Linked } from '../linked-set/index.js'
import type { ChannelDriver, Clock, DeliveryContext, DriverEvent, Logger, Random, State } from '../spec/index.js'
import type { Watched } from './deadline-watch.js'
import type { DispatchContext } from './dispatch-context.js'

/** When attempts of one slice by one driver must have ended, and the signal that they share. */
export class Deadline implements Watched {
  readonly context: DeliveryContext
  before: Linked | undefined
  after: Linked | undefined
  #controller: AbortController | undefined
  #passed = false

  constructor(
    /** Monotonic time. */
    readonly at: number,
    readonly driver: ChannelDriver,
    context: DispatchContext,
    readonly passed: (deadline: Deadline) => void,
  ) {
    this.context = new AttemptContext(this, context)
  }

  /** Made when a driver first asks for it. */
  get signal(): AbortSignal {
    this.#controller ??= sharedController()
    if (this.#passed) this.#controller.abort(timedOut())
    return this.#controller.signal
  }

  get hasPassed(): boolean {
    return this.#passed
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

/** What every attempt with one deadline is given. */
class AttemptContext implements DeliveryContext {
  readonly #deadline: Deadline
  readonly #context: DispatchContext

  constructor(deadline: Deadline, context: DispatchContext) {
    this.#deadline = deadline
    this.#context = context
  }

  get signal(): AbortSignal {
    return this.#deadline.signal
  }

  get deadline(): number {
    const { clock } = this.#context
    return clock.now() + this.#deadline.at - clock.monotonic()
  }

  get fetch(): typeof fetch {
    return this.#context.fetch
  }

  get clock(): Clock {
    return this.#context.clock
  }

  get random(): Random {
    return this.#context.random
  }

  get logger(): Logger {
    return this.#context.logger
  }

  get state(): State {
    return this.#context.state
  }

  get report(): (event: DriverEvent) => void {
    return (event) => this.#context.report(event, this.#deadline.driver)
  }
}
