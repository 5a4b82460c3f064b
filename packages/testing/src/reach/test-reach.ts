import { engineSlotOf, memoryStore } from '@reachkit/core'
import { ReachError } from '@reachkit/core/spec'
import type { AnyOutbox, DeliveryOutcome, Directory } from '@reachkit/core/spec'
import { virtualClock } from '../clock/index.js'
import type { VirtualClock, VirtualTime } from '../clock/index.js'
import { seededRandom } from '../random/index.js'
import { SentExpectation, expectNone } from './sent-expectation.js'
import { recordChannels } from './record-channels.js'
import type { OutcomeScript, SentMessage } from './record-channels.js'
import { TestOutbox } from './test-outbox.js'
import type { TestTransaction } from './test-outbox.js'

export interface TestReachOptions {
  /** Where the clock stands: a Date, an ISO text or milliseconds. The first of January 2026, UTC, unless told. */
  readonly now?: Date | string | number
  /** Of chance; 1 unless told. */
  readonly seed?: number
  /** Instead of the app's own directory. */
  readonly directory?: Directory
}

/** The engine under an app's own `reach`, as a test sees it. */
export interface TestReach {
  readonly clock: VirtualClock
  /** Everything that a driver was asked to send, in order. Nothing left this process. */
  readonly sent: readonly SentMessage[]
  /** Moves the clock on and lets everything that becomes due happen; `0s` only lets happen what is due now. */
  advance(time: VirtualTime): Promise<void>
  /** What the next attempts on a channel end with, in order; after the last, each is sent. */
  answer(channel: string, ...outcomes: readonly DeliveryOutcome[]): void
  /** Fails unless a message of this type was sent; narrow it with `to`, `via` and `with`, and count with `once`. */
  expectSent(key: string): SentExpectation
  /** Fails if a message of this type was sent, or, without a key, any at all. */
  expectNothingSent(key?: string): void
  /** A transaction for code that calls `reach.in(tx)`: the test says whether it commits. */
  transaction<Transaction = never>(): TestTransaction<Transaction>
  /** Puts the app's own engine back. */
  restore(): Promise<void>
}

/**
 * Swaps the engine under an app's own `reach` for one in memory, on a virtual clock, whose drivers record instead of
 * sending: code that imports `reach` is tested as it is. Types, routes, gates and directory stay the app's. `reach.in(tx)`
 * writes nothing into the app's own transaction: a test sees no commit of it, so its messages are sent in any case. What
 * becomes of a commit or a rollback is tested with `transaction()`.
 * @throws ReachError `REACH_OPTION_INVALID` for what `createReach` did not make.
 */
export function testReach(reach: object, options: TestReachOptions = {}): TestReach {
  const slot = engineSlotOf(reach)
  if (slot === undefined) throw new ReachError('REACH_OPTION_INVALID', 'testReach takes what createReach answered')
  const clock = virtualClock(options.now)
  const sent: SentMessage[] = []
  const script: OutcomeScript = new Map()
  const outbox = new TestOutbox(ownOutbox(slot.options))
  const restore = slot.swap({
    store: memoryStore(),
    outbox,
    pool: undefined,
    // What real processes left on this machine is none of a test's.
    spool: undefined,
    worker: true,
    clock,
    random: seededRandom(options.seed ?? 1),
    channels: recordChannels(slot.options.channels, { sent, script, clock }),
    ...(options.directory !== undefined && { directory: options.directory }),
  })
  return {
    clock,
    sent,
    advance: (time) => clock.advance(time),
    answer(channel, ...outcomes) {
      script.set(channel, [...(script.get(channel) ?? []), ...outcomes])
    },
    expectSent: (key) => SentExpectation.of(sent, key),
    expectNothingSent: (key) => expectNone(sent, key),
    transaction: () => outbox.begin(),
    restore,
  }
}

type OwnOptions = Pick<NonNullable<ReturnType<typeof engineSlotOf>>['options'], 'outbox' | 'store'>

/** Whose transactions the app's code has: its outbox, or the store that is one. */
function ownOutbox({ outbox, store }: OwnOptions): Pick<AnyOutbox, 'isTransaction'> | undefined {
  return outbox ?? ('isTransaction' in store ? (store as OwnOptions['store'] & AnyOutbox) : undefined)
}
