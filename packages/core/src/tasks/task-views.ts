import { isEnded } from './states.js'
import type { TaskState } from './states.js'
import type { ApprovalRecord, Task } from './document.js'
import { sumOf } from './tally.js'
import type { TaskApproval, TaskProgress, TaskReport, TaskRunView, TaskView } from './types.js'

function shownState({ state }: Task, isRunning: boolean): TaskState {
  if (state !== 'active') return state
  return isRunning ? 'running' : 'scheduled'
}

export function viewOf(task: Task, isRunning: boolean): TaskView {
  const { number, message, tenant, comment, createdAt, createdBy, schedule, next, lane, group, approval, moves } = task
  return {
    number,
    message,
    tenant,
    state: shownState(task, isRunning),
    comment,
    createdAt: new Date(createdAt),
    createdBy,
    schedule,
    next: next === undefined || task.state !== 'active' ? undefined : new Date(next),
    priority: lane,
    group: group ?? number,
    approval: approval && approvalView(approval),
    moves: moves.map((move) => ({ ...move, at: new Date(move.at) })),
    why: whyOf(task),
  }
}

function approvalView({ steps, given, count }: ApprovalRecord): TaskApproval {
  return { steps, given: given.map((one) => ({ ...one, at: new Date(one.at) })), next: steps[given.length], count }
}

/** Why it is where it is. */
function whyOf({ moves, state }: Task): string | undefined {
  return state === 'active' ? undefined : moves.at(-1)?.why
}

export function progressOf(task: Task, runs: readonly TaskRunView[]): Omit<TaskProgress, 'perSecond' | 'leftMs'> {
  const messages = sumOf(runs.map((run) => run.messages))
  const read = runs.reduce((sum, run) => sum + run.read, 0)
  const { waiting = 0, sending = 0 } = messages
  const all = Object.values(messages).reduce((sum, count) => sum + count, 0)
  const isRunning = runs.some(({ endedAt }) => endedAt === undefined)
  return {
    state: shownState(task, isRunning),
    read,
    total: isEnded(task.state) ? read : task.counted,
    rejects: runs.reduce((sum, run) => sum + run.rejects, 0),
    messages,
    settled: all - waiting - sending,
  }
}

export function reportOf(task: Task, runs: readonly TaskRunView[]): TaskReport {
  const endedAt = task.moves.findLast(({ to }) => isEnded(to))?.at
  const startedAt = runs.at(-1)?.at
  return {
    ...progressOf(task, runs),
    number: task.number,
    runs,
    startedAt,
    endedAt: isEnded(task.state) && endedAt !== undefined ? new Date(endedAt) : undefined,
    why: whyOf(task),
  }
}
