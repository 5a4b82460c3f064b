import type { ClaimGranted, ClaimedMessage, DeliveryOutcome, Envelope, SettleAnswer, Settled } from '../spec/index.js'
import type { DispatchContext } from './dispatch-context.js'
import type { Attempt, Journey } from './journey.js'
import type { HeldLease } from './lease-keeper.js'
import type { Taken } from './settlement-buffer.js'
import type { Turns } from './turns.js'

/** What a slice needs of the run of its envelope. */
export interface SliceHost {
  readonly context: DispatchContext
  readonly turns: Turns
  readonly envelope: Envelope
  readonly claim: ClaimGranted
  readonly parcel: string
  readonly lease: HeldLease
  /** How many slices this lease has named. */
  slices: number
  /** One more than the last slice that the ledger was asked to begin. */
  begunSlices: number
  /** Something was left to another process, because this one stops. */
  left: boolean
  /** False once the lease ran out by this process' own time, or another process has it. */
  readonly holdsLease: boolean
  /** False where no further attempt may begin. */
  readonly mayStart: boolean
  /** Asked when a slice has its turn: false where its task was paused or ended meanwhile. */
  readonly mayBegin: () => boolean | Promise<boolean>
  readonly hasResults: boolean
  readonly settle: (message: ClaimedMessage, to: Settled, journey?: Journey) => void
  readonly settleSent: (journey: Journey) => void
  readonly takeSettlement: (finish: boolean) => Taken
  readonly flush: (finish: boolean) => Promise<void>
  /** Settles, then works, and pushes what runs again only after that: it must not be taken for once more before. */
  readonly settleThen: <Answer>(work: () => Promise<Answer>) => Promise<Answer>
  /** Takes what the ledger answered of a settlement. */
  readonly flushed: (taken: Taken, answer: SettleAnswer) => void
  /** The first of its messages have reached their drivers. */
  readonly calm: () => void
  /** Takes an answer that came after its deadline. */
  readonly late: (attempt: Attempt, outcome: DeliveryOutcome) => void
}
