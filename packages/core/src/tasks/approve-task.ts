import { definitionFor } from '../intake/notify.js'
import type { MessageDefinition } from '../message/definition.js'
import { ReachError } from '../spec/index.js'
import type { ApprovalPolicy, ApprovalStep } from './approval-policy.js'
import { countAudience } from './count-audience.js'
import type { ApprovalRecord, Task } from './document.js'
import { planDigest } from './plan-digest.js'
import { advance, freshRecord, policyFor, reviewOf, withStep } from './review-plan.js'
import type { Reviewed } from './review-plan.js'
import type { TaskContext } from './task-context.js'
import type { MoveChange, MoveNote, TaskTable } from './task-table.js'

/**
 * Gives the step that a task waits for, as one person; steps of machines and archives that follow are taken at once. What
 * was given for another content or plan than this process has counts no more.
 */
export async function approveTask(
  number: string,
  note: MoveNote,
  table: TaskTable,
  context: TaskContext,
): Promise<Task> {
  const by = personOf('approve', note)
  return table.move(number, 'approve', note, async (task) => {
    const definition = definitionFor(task.message, context.options.definitions)
    return moveTo(await approved(task, definition, by, note, context))
  })
}

export async function rejectTask(number: string, note: MoveNote, table: TaskTable): Promise<Task> {
  personOf('reject', note)
  return table.move(number, 'reject', note)
}

function moveTo({ state, approval, counted }: Reviewed): MoveChange {
  return { to: state, approval, counted }
}

async function approved(
  task: Task,
  definition: MessageDefinition,
  by: string,
  { why }: MoveNote,
  context: TaskContext,
): Promise<Reviewed> {
  const counted = task.counted ?? (await countAudience(task, context))
  const known = { ...task, counted }
  const policy = policyFor(task, definition, counted, context)
  // The policy that asked for it is gone: who approves it all the same pins what is sent.
  if (policy === undefined) {
    const record = freshRecord({ steps: [{ name: 'person' }] }, task, definition, counted)
    return { state: 'active', approval: withStep(record, 'person', by, context.storeNow(), why), counted }
  }
  const record = recordOf(known, policy, definition, counted)
  const before = await advance(record, policy, known, definition, context)
  const step = policy.steps[before.approval?.given.length ?? 0]
  if (before.state === 'rejected' || before.approval === undefined || step === undefined) return before
  await assertMay(by, step, known, definition, before.approval)
  const given = withStep(before.approval, step.name, by, context.storeNow(), why)
  return advance(given, policy, known, definition, context)
}

/** What was given so far, as long as it was given for what would be sent now. */
function recordOf(task: Task, policy: ApprovalPolicy, definition: MessageDefinition, count: number): ApprovalRecord {
  const { approval } = task
  const steps = policy.steps.map(({ name }) => name)
  const stands =
    approval !== undefined &&
    approval.hash === planDigest(task, definition) &&
    approval.steps.join('\n') === steps.join('\n') &&
    approval.given.length < steps.length
  return stands ? approval : freshRecord(policy, task, definition, count)
}

async function assertMay(
  by: string,
  step: ApprovalStep,
  task: Task,
  definition: MessageDefinition,
  record: ApprovalRecord,
): Promise<void> {
  const fourEyes = !('fourEyes' in step) || step.fourEyes !== false
  if (fourEyes && by === task.createdBy) throw refused(step.name, 'who created a task may not approve it')
  if (fourEyes && record.given.some((one) => one.by === by))
    throw refused(step.name, 'who gave another step may not give this one')
  const allows = 'by' in step ? step.by : undefined
  if (allows !== undefined && !(await allows(by, reviewOf(task, definition, record.hash))))
    throw refused(step.name, 'this person may not give it')
}

function refused(step: string, why: string): ReachError {
  return new ReachError('REACH_APPROVAL_REFUSED', `the step '${step}': ${why}`)
}

function personOf(verb: string, { by }: MoveNote): string {
  if (by !== undefined) return by
  throw new ReachError('REACH_OPTION_INVALID', `${verb}(): by must say who does it`)
}
