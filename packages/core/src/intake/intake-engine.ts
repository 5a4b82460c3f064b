import type { DispatchContext } from '../dispatch/dispatch-context.js'
import type { People } from '../directory/people.js'
import type { StoreClock } from '../engine/store-clock.js'
import type { SettledWaits } from '../settled/settled-waits.js'
import type { State } from '../spec/index.js'
import type { AcceptQueue } from './accept-queue.js'

/** What taking a message needs of an engine. */
export interface IntakeEngine {
  readonly accepts: Pick<AcceptQueue, 'accept' | 'acceptAll'>
  readonly waits: Pick<SettledWaits, 'wait'>
  readonly storeClock: Pick<StoreClock, 'now'>
  readonly state: State
  /** Undefined while the store is away: then nobody can be looked up but by the app's own directory. */
  readonly people: People | undefined
  readonly context: Pick<DispatchContext, 'clock' | 'aborting'>
}
