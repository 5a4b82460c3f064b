import type { HeldLease } from '../dispatch/lease-keeper.js'
import type { ClaimGranted, Envelope } from '../spec/index.js'
import type { TaskContext } from './task-context.js'

/** The lease of a firing or a run, renewed while it is worked on. */
export class TaskLease {
  readonly #context: TaskContext
  readonly #lease: HeldLease

  constructor(context: TaskContext, envelope: Envelope, { entry, token }: ClaimGranted) {
    const leaseMs = context.leaseMs(envelope)
    const until = context.clock.monotonic() + leaseMs
    this.#context = context
    this.#lease = { entry, token, envelope, leaseMs, until, lost: false, before: undefined, after: undefined }
    context.leases.hold(this.#lease)
  }

  get isHeld(): boolean {
    return !this.#lease.lost && this.#lease.until > this.#context.clock.monotonic()
  }

  drop(): void {
    this.#context.leases.drop(this.#lease)
  }

  /** Nothing of it is left to do. */
  async finish(): Promise<void> {
    const { entry, token } = this.#lease
    await this.#context.ledger.settle([{ entry, token, parcel: '', results: [], entries: [], finish: true }])
  }

  /** Gives it back; it comes again at `due`. */
  async yield(due: number): Promise<void> {
    const { entry, token } = this.#lease
    await this.#context.ledger.yield([{ entry, token }], due)
  }
}
