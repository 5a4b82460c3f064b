import type { AudiencePlan } from '../audience/index.js'
import type { Schedule } from '../schedule/index.js'
import { ReachError } from '../spec/index.js'
import type { Lane, TaskRecord } from '../spec/index.js'
import type { StoredState, TaskVerb } from './states.js'

/** So many messages in so long. */
export interface Rate {
  readonly count: number
  readonly perMs: number
}

/** Hours of the day in which a task may run, as minutes from midnight; over midnight where `to` is not above `from`. */
export interface Hours {
  readonly fromMinute: number
  readonly toMinute: number
  readonly zone: string
}

/** One move of a task: what, from where to where, when, by whom and why. */
export interface TaskMove {
  readonly verb: TaskVerb | 'create'
  readonly from: StoredState | undefined
  readonly to: StoredState
  /** Milliseconds since the epoch, by the store's clock. */
  readonly at: number
  readonly by?: string
  readonly why?: string
}

/** What was approved, and by whom. */
export interface ApprovalRecord {
  /** The steps of the policy, by name, as they were when the task was reviewed. */
  readonly steps: readonly string[]
  readonly given: readonly {
    readonly step: string
    readonly by: string
    readonly at: number
    readonly why?: string
  }[]
  /** Over everything that an approval pins. */
  readonly hash: string
  /** So many recipients a run at most. */
  readonly count: number
}

/** Everything about a task but its tenant, revision and next firing: the text that a ledger keeps of it. */
interface TaskDocument {
  readonly schema: 1
  readonly message: string
  /** As it was given, columns included. */
  readonly data: unknown
  readonly audience: AudiencePlan
  /** Undefined for at once. */
  readonly schedule: Schedule | undefined
  readonly createdAt: number
  /** When the schedule was set: `after` and an `every` count from it. */
  readonly scheduledAt: number
  /** Whose clocks it follows for a recipient without a time zone, where it follows each recipient's. */
  readonly fallbackZone: string
  /** The last instant at which it may fire. */
  readonly until: number | undefined
  readonly missed: 'once' | 'all' | 'skip'
  readonly overlap: boolean
  readonly lane: Lane
  readonly rate: Rate | undefined
  readonly hours: Hours | undefined
  readonly ttlMs: number | undefined
  readonly group: string | undefined
  readonly sandbox: boolean
  /** A run with more lines that are none ends as failed. */
  readonly maxRejects: number
  /** A file that lines which are no recipients are written to. */
  readonly rejectsTo: string | undefined
  readonly comment: string | undefined
  readonly createdBy: string | undefined
  readonly state: StoredState
  /** While it stands still: the firing that it was stopped before, or when its schedule was set. */
  readonly unfired: number | undefined
  /** The latest ones, oldest first. */
  readonly moves: readonly TaskMove[]
  readonly approval: ApprovalRecord | undefined
  /** A run found more recipients than were approved: who resumes it has it approved anew. */
  readonly exceeded?: boolean | undefined
  /** How many recipients the audience was found to have, where that was counted. */
  readonly counted: number | undefined
}

/** A task as it stands in the ledger, read. */
export interface Task extends TaskDocument {
  readonly number: string
  readonly tenant: string
  readonly revision: number
  readonly next: number | undefined
}

/** @throws ReachError `REACH_TASK_UNREADABLE` for what a newer version of the app wrote. */
export function readTask({ id, tenant, revision, text, next }: TaskRecord): Task {
  const document = parsed(text)
  if (document?.schema === 1) return { ...document, number: id, tenant, revision, next }
  throw new ReachError('REACH_TASK_UNREADABLE', 'a task was written by another version of Reachkit')
}

function parsed(text: string): TaskDocument | undefined {
  try {
    return JSON.parse(text) as TaskDocument
  } catch {
    return undefined
  }
}

export function taskText(task: Task): string {
  const { number: _number, tenant: _tenant, revision: _revision, next: _next, ...document } = task
  return JSON.stringify(document)
}
