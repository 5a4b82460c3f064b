import type { MessageDefinition } from '../message/definition.js'
import { OptionReader, isFields } from '../options/index.js'
import type { Schedule } from '../schedule/index.js'
import { ReachError } from '../spec/index.js'
import type { MessageLabels, Purpose } from '../spec/index.js'
import type { Task } from './document.js'

/** What is looked at before a task may run. */
export interface TaskReview {
  readonly number: string
  readonly message: string
  readonly purpose: Purpose
  readonly labels: MessageLabels
  readonly tenant: string
  readonly data: unknown
  /** The rule that its audience is made of, as it is stored. */
  readonly audience: unknown
  readonly schedule: Schedule | undefined
  readonly content: ReadonlyMap<string, unknown>
  readonly createdBy: string | undefined
  readonly comment: string | undefined
  /** Recipients that its audience was found to have. */
  readonly count: number
  /** Over everything that an approval pins: what is archived is known by it. */
  readonly hash: string
}

/** `ask`: a person has to give this step. */
export interface ReviewAnswer {
  readonly verdict: 'approve' | 'reject' | 'ask'
  readonly why?: string | undefined
}

/** A step that a function decides: rules, or a model that reads the content. */
export interface MachineStep {
  readonly name: string
  readonly review: (review: TaskReview) => ReviewAnswer | Promise<ReviewAnswer>
}

/** A step that a person gives by `approve({ by })`. */
export interface PersonStep {
  readonly name: string
  /** Who may; anybody unless told. */
  readonly by?: ((person: string, review: TaskReview) => boolean | Promise<boolean>) | undefined
  /** `false` lets who created the task, or gave another step, give this one too. */
  readonly fourEyes?: boolean | undefined
}

/** A step that keeps what was approved. It runs when all before it are given, perhaps more than once. */
export interface ArchiveStep {
  readonly name: string
  readonly archive: (
    review: TaskReview,
    given: readonly { readonly step: string; readonly by: string }[],
  ) => void | Promise<void>
}

export type ApprovalStep = MachineStep | PersonStep | ArchiveStep

/** Which tasks are reviewed: all that is given must fit. */
export interface ApprovalCondition {
  readonly tenants?: readonly string[] | undefined
  readonly lines?: readonly string[] | undefined
  readonly categories?: readonly string[] | undefined
  readonly purposes?: readonly Purpose[] | undefined
  /** More recipients than that. */
  readonly above?: number | undefined
}

/** Who has to approve which tasks. Of several policies the first that fits counts. */
export interface ApprovalPolicy {
  /** All tasks unless told. */
  readonly when?: ApprovalCondition | undefined
  /** In this order, at least one. */
  readonly steps: readonly ApprovalStep[]
  /** How many percent more recipients a run may have than were counted; 10 unless told. Beyond, it is paused. */
  readonly margin?: number | undefined
}

const allowed = 'an array of policies: each with steps, and perhaps when and margin'

/** @throws ReachError `REACH_OPTION_INVALID` naming the field. */
export function parsePolicies(value: unknown): readonly ApprovalPolicy[] {
  if (value === undefined) return []
  if (Array.isArray(value)) return value.map(parsePolicy)
  throw new ReachError('REACH_OPTION_INVALID', `createReach: approvals must be ${allowed}.`)
}

function parsePolicy(value: unknown, index: number): ApprovalPolicy {
  const subject = `approvals[${index}]`
  const reader = new OptionReader('REACH_OPTION_INVALID', subject, value, ['when', 'steps', 'margin'])
  const steps = reader.raw('steps')
  if (!Array.isArray(steps) || steps.length === 0 || !steps.every(isStep))
    return reader.refuse('steps', 'an array of steps: each with a name, and perhaps review(), by() or archive()')
  if (new Set(steps.map(({ name }) => name)).size < steps.length)
    return reader.refuse('steps', 'an array of steps of which each has another name')
  const when = parseCondition(reader.raw('when'), subject)
  return { steps, margin: reader.whole('margin', 0), when }
}

function isStep(value: unknown): value is ApprovalStep {
  if (!isFields(value) || typeof value.name !== 'string' || value.name === '') return false
  return ['review', 'by', 'archive'].every((field) => value[field] === undefined || typeof value[field] === 'function')
}

function parseCondition(value: unknown, subject: string): ApprovalCondition | undefined {
  if (value === undefined) return undefined
  const known = ['tenants', 'lines', 'categories', 'purposes', 'above'] as const
  const reader = new OptionReader('REACH_OPTION_INVALID', `${subject}.when`, value, known)
  for (const field of known.slice(0, 4)) {
    const words = reader.raw(field)
    const fits = words === undefined || (Array.isArray(words) && words.every((word) => typeof word === 'string'))
    if (!fits) reader.refuse(field, 'an array of texts')
  }
  reader.whole('above', 0)
  return value as ApprovalCondition
}

/** True for a policy about this task, as far as is known of its size. */
export function isPolicyFor(
  { when = {} }: ApprovalPolicy,
  { tenant }: Pick<Task, 'tenant'>,
  { labels, purpose }: MessageDefinition,
  count: number,
): boolean {
  const { tenants, lines, categories, purposes, above = -1 } = when
  return (
    has(tenants, tenant) &&
    has(lines, labels.line) &&
    has(categories, labels.category) &&
    has(purposes, purpose) &&
    count > above
  )
}

function has(words: readonly string[] | undefined, word: string | undefined): boolean {
  return words === undefined || (word !== undefined && words.includes(word))
}
