import type { AudienceOption } from '../audience/index.js'
import type { Duration } from '../duration/index.js'
import type { Schedule } from '../schedule/index.js'
import type { Cost, Lane } from '../spec/index.js'
import type { Column } from './column.js'
import type { TaskMove } from './document.js'
import type { Tally } from './run-note.js'
import type { TaskState } from './states.js'

/** Data of a task's messages: values, or columns of the audience. */
export type TaskData<Input> = { readonly [Field in keyof Input]: Input[Field] | Column }

/** The data, which may be left out where the message type needs none. */
type WithData<Input> = {} extends Input
  ? { readonly data?: TaskData<Input> | undefined }
  : { readonly data: TaskData<Input> }

/** `'500/s'`, `'1000/m'` or `'20000/h'`. */
export type RateText = `${number}/${'s' | 'm' | 'h'}`

/** Hours of the day in a zone: `{ from: '22:00', to: '06:00', zone: 'Asia/Shanghai' }`. */
export interface HoursOption {
  readonly from: string
  readonly to: string
  /** An IANA time zone; `'UTC'` unless told. */
  readonly zone?: string | undefined
}

/** What a task says beside its message type, its data and its audience. A field that is undefined counts as left out. */
export interface TaskSettings {
  /** Unique and readable, such as `spring-sale-2026`: 1 to 48 of letters, digits, `.`, `_` and `-`. Made up unless given. */
  readonly number?: string | undefined
  readonly comment?: string | undefined
  /** When it is sent; at once unless told. */
  readonly schedule?: Schedule | undefined
  /** No firing after that. */
  readonly until?: Date | undefined
  /** So many firings at most. */
  readonly maxRuns?: number | undefined
  /** What becomes of firings that nobody was there for, a minute late or more: `'once'` runs the latest, and is the default. */
  readonly missed?: 'once' | 'all' | 'skip' | undefined
  /** Lets a run begin while the one before it is not done. */
  readonly overlap?: boolean | undefined
  /** Whose clocks count for a recipient without a time zone, where the schedule follows each recipient's; `'UTC'` unless told. */
  readonly fallbackZone?: string | undefined
  /** At most so many messages in so long, over all processes. */
  readonly rate?: RateText | undefined
  /** Runs only in these hours, such as those off peak. */
  readonly hours?: HoursOption | undefined
  /** `'P3'` unless told. */
  readonly priority?: Lane | undefined
  /** How long after it was due a message may still go out, instead of what the type says. */
  readonly ttl?: Duration | undefined
  readonly tenant?: string | undefined
  /** A word to list its messages by; its number unless told. */
  readonly group?: string | undefined
  readonly sandbox?: boolean | undefined
  /** How many rows of the audience may be none before the task is paused; 1,000 unless told. */
  readonly maxRejects?: number | undefined
  /** A file that rows which are none are written to, one JSON text a line: their line number and the reason. */
  readonly rejectsTo?: string | undefined
  /** Who creates it: with four eyes, somebody else has to approve. */
  readonly by?: string | undefined
}

/** What `tasks.create` is given. */
export type TaskOptions<Key, Input, Addresses> = TaskSettings & {
  readonly message: Key
  readonly audience: AudienceOption<Addresses>
} & WithData<Input>

/** What may be changed of a task that has not ended. Content, data and audience are what it is: create another one for those. */
export type TaskEdit = Pick<
  TaskSettings,
  'schedule' | 'until' | 'maxRuns' | 'missed' | 'overlap' | 'rate' | 'hours' | 'comment' | 'maxRejects' | 'ttl'
>

/** Who, and why. */
export interface TaskNote {
  readonly by?: string | undefined
  readonly why?: string | undefined
}

export interface TaskApproval {
  readonly steps: readonly string[]
  readonly given: readonly { readonly step: string; readonly by: string; readonly at: Date; readonly why?: string }[]
  /** The step that is waited for; undefined once all are given. */
  readonly next: string | undefined
  /** So many recipients a run at most. */
  readonly count: number
}

/** A task as it stands. */
export interface TaskView {
  readonly number: string
  readonly message: string
  readonly tenant: string
  readonly state: TaskState
  readonly comment: string | undefined
  readonly createdAt: Date
  readonly createdBy: string | undefined
  readonly schedule: Schedule | undefined
  /** The next firing; undefined where there is none, or the task does not run. */
  readonly next: Date | undefined
  readonly priority: Lane
  readonly group: string
  readonly approval: TaskApproval | undefined
  /** What moved it, oldest first: who, when and why. The latest hundred. */
  readonly moves: readonly (Omit<TaskMove, 'at'> & { readonly at: Date })[]
  /** Why it is paused, rejected, failed or cancelled, or waits for an approval. */
  readonly why: string | undefined
}

/** How far a task is. */
export interface TaskProgress {
  readonly state: TaskState
  /** Recipients of its audience that a message was made for. */
  readonly read: number
  /** How many there are in all, where that was counted or all of them were read. */
  readonly total: number | undefined
  /** Rows of the audience that were none, or whose data did not fit. */
  readonly rejects: number
  /** How its messages stand: waiting, sending, held, and each outcome. `duplicate`: recipients that came twice. */
  readonly messages: Tally
  /** Messages that are done or held. */
  readonly settled: number
  /** Settled in a second, since the look before; undefined at the first one. */
  readonly perSecond: number | undefined
  /** How long it will take at this rate, in milliseconds; undefined where that cannot be told. */
  readonly leftMs: number | undefined
}

/** One firing, or the part of it that is for one time zone. */
export interface TaskRunView {
  readonly id: string
  /** What is run once: an instant, or a local time with its zone. */
  readonly key: string
  readonly at: Date
  readonly zone: string | null | undefined
  readonly read: number
  readonly rejects: number
  readonly messages: Tally
  readonly endedAt: Date | undefined
  readonly why: string | undefined
}

/** What came of a task. */
export interface TaskReport extends Omit<TaskProgress, 'perSecond' | 'leftMs'> {
  readonly number: string
  /** The latest runs, newest first. */
  readonly runs: readonly TaskRunView[]
  readonly startedAt: Date | undefined
  readonly endedAt: Date | undefined
  readonly why: string | undefined
}

export interface TaskPreview {
  /** How many recipients there are; `atLeast` where counting was stopped there. */
  readonly count: number
  readonly isExact: boolean
  /** Rows that are none, of those that were read. */
  readonly rejects: number
  /** The first recipients with the data that they would get, and what speaks against them. */
  readonly sample: readonly {
    readonly id: string
    readonly data: unknown
    readonly problem: string | undefined
  }[]
  /** What it would cost at the price of one message of the channel that is tried first; undefined where no price is known. */
  readonly cost: Cost | undefined
}

/** One task: what `tasks.create` answers. Its methods are bound. */
export interface TaskHandle {
  readonly number: string
  readonly get: () => Promise<TaskView>
  /**
   * Resolves with the report when the task has ended. `bar` draws its progress on the terminal. Keeps the process alive
   * meanwhile; it needs a worker, in this process or another.
   */
  readonly done: (options?: { readonly bar?: boolean | undefined }) => Promise<TaskReport>
  /** How far it is, now and about once a second until it has ended. */
  readonly progress: (options?: { readonly every?: Duration | undefined }) => AsyncIterable<TaskProgress>
  readonly report: () => Promise<TaskReport>
  readonly pause: (note?: TaskNote) => Promise<TaskView>
  readonly resume: (note?: TaskNote) => Promise<TaskView>
  readonly cancel: (note?: TaskNote) => Promise<TaskView>
  readonly approve: (note: TaskNote) => Promise<TaskView>
  readonly reject: (note: TaskNote) => Promise<TaskView>
  readonly edit: (edit: TaskEdit, note?: TaskNote) => Promise<TaskView>
  readonly resend: (options?: ResendOptions) => Promise<{ readonly resent: number }>
}

export interface ResendOptions extends TaskNote {
  /** Which of its messages; those that were rejected, have expired or are parked unless told. */
  readonly outcomes?: readonly ('rejected' | 'expired' | 'parked' | 'unresolved')[] | undefined
}

export interface TaskFilter {
  readonly tenant?: string | undefined
  readonly states?: readonly TaskState[] | undefined
}

/** Plans that reach many: `reach.tasks`. */
export interface Tasks<Addresses, Inputs> {
  /**
   * Plans a message to an audience: at once, or when its schedule says. What this process gives is checked here; what only
   * the audience knows is found while it is read.
   * @throws ReachError `REACH_TASK_DUPLICATE`, `REACH_AUDIENCE_INVALID`, `REACH_SCHEDULE_PAST`, `REACH_SCHEDULE_INVALID`,
   * `REACH_SCHEDULE_NEVER`, `REACH_DATA_INVALID`, `REACH_MESSAGE_UNKNOWN` or `REACH_OPTION_INVALID`.
   */
  readonly create: <const Key extends keyof Inputs & string>(
    task: TaskOptions<Key, Inputs[Key], Addresses>,
  ) => Promise<TaskHandle>
  /** How many it would reach, whom, and at what cost; nothing is stored. */
  readonly preview: <const Key extends keyof Inputs & string>(
    task: TaskOptions<Key, Inputs[Key], Addresses>,
    options?: { readonly sample?: number | undefined; readonly most?: number | undefined },
  ) => Promise<TaskPreview>
  /** @throws ReachError `REACH_TASK_NOT_FOUND` */
  readonly get: (number: string) => Promise<TaskHandle>
  /** By number, a page at a time. */
  readonly list: (
    filter?: TaskFilter,
    page?: { readonly after?: string | undefined; readonly limit?: number | undefined },
  ) => Promise<{ readonly tasks: readonly TaskView[]; readonly next: string | undefined }>
}
