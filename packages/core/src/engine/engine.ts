import type { KeepAlive } from '../clock/keep-alive.js'
import type { DispatchContext } from '../dispatch/dispatch-context.js'
import type { Dispatcher } from '../dispatch/dispatcher.js'
import type { AcceptQueue } from '../intake/accept-queue.js'
import type { SettledWaits } from '../settled/settled-waits.js'
import type { Book, Envelope, History, Ledger, Pool, State } from '../spec/index.js'
import type { WaysIn } from './open-ways-in.js'
import type { People } from '../directory/people.js'
import type { StoreClock } from './store-clock.js'
import type { TaskContext } from '../tasks/task-context.js'

/** An engine that runs: the store is open, and the worker (where there is one) takes what is due. */
export interface OpenEngine extends WaysIn {
  readonly context: DispatchContext
  readonly ledger: Ledger
  readonly history: History
  readonly state: State
  readonly pool: Pool
  readonly accepts: AcceptQueue
  readonly waits: SettledWaits
  readonly keepAlive: KeepAlive
  readonly storeClock: StoreClock
  readonly dispatcher: Dispatcher | undefined
  readonly tasks: TaskContext
  readonly book: Book | undefined
  readonly people: People
  readonly nextId: () => string
  /** Messages that this process settled for good. */
  readonly endedCount: () => number
  push(envelopes: readonly Envelope[]): void
  /** Takes nothing new, waits for what is in flight, closes what was opened; `aborting` ends what takes too long. */
  close(timeoutMs: number): Promise<void>
}
