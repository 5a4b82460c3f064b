import type { MessageDefinition } from '../message/definition.js'
import { errorName } from '../io/error-name.js'
import { ReachError } from '../spec/index.js'
import { isPolicyFor } from './approval-policy.js'
import type { ApprovalPolicy, ApprovalStep, TaskReview } from './approval-policy.js'
import { countAudience } from './count-audience.js'
import type { ApprovalRecord, Task } from './document.js'
import { planDigest } from './plan-digest.js'
import type { TaskContext } from './task-context.js'

const usualMargin = 10

/** Where a reviewed task goes, and what is approved of it. */
export interface Reviewed {
  readonly state: 'active' | 'needs-approval' | 'rejected'
  readonly approval: ApprovalRecord | undefined
  readonly counted: number | undefined
  readonly why?: string | undefined
}

/** Reviews a task whose plan is complete, as far as no person is needed. */
export async function reviewPlan(task: Task, definition: MessageDefinition, context: TaskContext): Promise<Reviewed> {
  const { approvals } = context.options
  const mayFit = approvals.some((policy) => isPolicyFor(policy, task, definition, Infinity))
  if (!mayFit) return { state: 'active', approval: undefined, counted: undefined }
  const count = await countAudience(task, context)
  const policy = policyFor(task, definition, count, context)
  if (policy === undefined) return { state: 'active', approval: undefined, counted: count }
  const record = freshRecord(policy, task, definition, count)
  return advance(record, policy, { ...task, counted: count }, definition, context)
}

export function policyFor(
  task: Task,
  definition: MessageDefinition,
  count: number,
  { options: { approvals } }: Pick<TaskContext, 'options'>,
): ApprovalPolicy | undefined {
  return approvals.find((policy) => isPolicyFor(policy, task, definition, count))
}

/** Nothing given yet. */
export function freshRecord(
  { steps, margin = usualMargin }: ApprovalPolicy,
  task: Task,
  definition: MessageDefinition,
  count: number,
): ApprovalRecord {
  return {
    steps: steps.map(({ name }) => name),
    given: [],
    hash: planDigest(task, definition),
    count: Math.ceil((count * (100 + margin)) / 100),
  }
}

/** Takes the steps that need no person, up to one that does. */
export async function advance(
  record: ApprovalRecord,
  { steps }: ApprovalPolicy,
  task: Task,
  definition: MessageDefinition,
  { storeNow }: Pick<TaskContext, 'storeNow'>,
): Promise<Reviewed> {
  let approval = record
  const counted = task.counted
  for (let step = steps[approval.given.length]; step !== undefined; step = steps[approval.given.length]) {
    const answer = await take(step, reviewOf(task, definition, approval.hash), approval)
    if (answer === undefined) return { state: 'needs-approval', approval, counted }
    const { verdict, why } = answer
    if (verdict === 'reject') return { state: 'rejected', approval, counted, why: why ?? `rejected by ${step.name}` }
    if (verdict === 'ask') return { state: 'needs-approval', approval, counted, why }
    approval = withStep(approval, step.name, `(${step.name})`, storeNow(), why)
  }
  return { state: 'active', approval, counted }
}

export function withStep(
  record: ApprovalRecord,
  step: string,
  by: string,
  at: number,
  why: string | undefined,
): ApprovalRecord {
  return { ...record, given: [...record.given, { step, by, at, ...(why !== undefined && { why }) }] }
}

/** Undefined for a step that a person gives. A machine that throws leaves its step to one. */
async function take(
  step: ApprovalStep,
  review: TaskReview,
  { given }: ApprovalRecord,
): Promise<{ readonly verdict: string; readonly why?: string | undefined } | undefined> {
  if ('review' in step) {
    try {
      return await step.review(review)
    } catch (error) {
      return { verdict: 'ask', why: `${step.name} threw ${errorName(error)}` }
    }
  }
  if (!('archive' in step)) return undefined
  try {
    await step.archive(review, given)
  } catch (cause) {
    throw new ReachError('REACH_APPROVAL_FAILED', `the step '${step.name}' could not archive the approval`, { cause })
  }
  return { verdict: 'approve' }
}

export function reviewOf(task: Task, { purpose, labels, content }: MessageDefinition, hash: string): TaskReview {
  const { number, message, tenant, data, audience, schedule, createdBy, comment, counted = 0 } = task
  return {
    number,
    message,
    purpose,
    labels,
    tenant,
    data,
    audience,
    schedule,
    content,
    createdBy,
    comment,
    count: counted,
    hash,
  }
}
