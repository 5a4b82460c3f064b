import { definitionFor } from '../intake/notify.js'
import { parseData } from '../intake/parse-data.js'
import { storableCopy } from '../json/index.js'
import type { MessageDefinition } from '../message/definition.js'
import type { OptionReader } from '../options/index.js'
import { parseSegment } from '../segment/index.js'
import { errorName } from '../io/error-name.js'
import { isReachError } from '../spec/index.js'
import { dropLists } from './drop-lists.js'
import { reviewPlan } from './review-plan.js'
import { columnOf, hasColumns } from './column.js'
import type { Task } from './document.js'
import { createReader, readPlanSettings, readSettings } from './read-settings.js'
import type { TaskContext } from './task-context.js'
import { taskNumber } from './task-number.js'
import { silentMs } from './task-table.js'
import type { TaskTable } from './task-table.js'
import { needsCopy, parsePlan, preparePlan } from '../audience/index.js'
import type { AudienceDraft, AudiencePlan } from '../audience/index.js'

/** What a caller asks for, checked, with an audience of which some may still have to be copied. */
export interface TaskDraft {
  readonly task: Task
  readonly definition: MessageDefinition
  readonly audience: AudienceDraft
}

const nothing: AudiencePlan = { kind: 'ids', ids: [] }

/** Checks everything of a task that can be checked before its audience is read. */
export async function draftTask(options: unknown, context: TaskContext): Promise<TaskDraft> {
  const reader = createReader(options)
  const definition = definitionFor(reader.raw('message'), context.options.definitions)
  const { channels } = context.options
  const audience = parsePlan(reader.raw('audience'), { channels, parseSegment })
  const now = context.storeNow()
  const { number = taskNumber(now, context.options.random), ...plan } = readPlanSettings(reader, context.options)
  const task: Task = {
    schema: 1,
    ...plan,
    ...(await readSettings(reader, now)),
    number,
    message: definition.key,
    data: await readData(reader, definition),
    audience: nothing,
    createdAt: now,
    state: 'preparing',
    unfired: undefined,
    moves: [],
    approval: undefined,
    counted: undefined,
    revision: 0,
    next: undefined,
  }
  return { task, definition, audience }
}

/** Data without columns is checked by the schema; data with them once each row is there. */
async function readData(reader: OptionReader, definition: MessageDefinition): Promise<unknown> {
  const data = reader.raw('data')
  if (data === undefined || !hasColumns(data)) {
    await parseData(definition, data)
    return storableCopy(data ?? {}, 'data')
  }
  const fields = Object.entries(data as object).map(([name, value]) => [name, columnOf(value) ?? value] as const)
  storableCopy(Object.fromEntries(fields), 'data')
  return data
}

/**
 * Stores a task. Its audience is copied where it has to be, while the task is `preparing`; then it waits for its approval
 * or for its time.
 */
export async function createTask(draft: TaskDraft, table: TaskTable, context: TaskContext): Promise<Task> {
  const { task, definition, audience } = draft
  const note = { by: task.createdBy }
  if (!needsCopy(audience)) {
    const planned = { ...task, audience: await preparePlan(audience, context.preparing(task)) }
    const { why, ...reviewed } = await reviewPlan(planned, definition, context)
    return table.create({ ...planned, ...reviewed }, { ...note, why })
  }
  await table.create(task, note)
  const heart = beat(task.number, table, context)
  let plan: AudiencePlan = nothing
  try {
    plan = await preparePlan(audience, context.preparing(task))
    const planned = { ...task, audience: plan }
    const { state, why, ...reviewed } = await reviewPlan(planned, definition, context)
    return await table.move(task.number, 'prepared', { why }, () => ({
      audience: planned.audience,
      ...reviewed,
      to: state,
    }))
  } catch (error) {
    await table.move(task.number, 'fail', { why: textOf(error) }).catch((failure: unknown) => {
      context.logger.error({ task: task.number, error: errorName(failure) }, 'a task could not be ended')
    })
    // What was copied is not the task's yet.
    await dropLists(plan, context)
    throw error
  } finally {
    heart()
  }
}

/** Says again and again that the audience is still being copied. */
function beat(number: string, table: TaskTable, { clock, logger, stopping }: TaskContext): () => void {
  let isOver = false
  let cancel = clock.setTimer(silentMs / 3, () => void tell())
  async function tell(): Promise<void> {
    await table.touch(number).catch((error: unknown) => {
      logger.warn({ task: number, error: errorName(error) }, 'a task could not be kept alive')
    })
    if (!isOver && !stopping.aborted) cancel = clock.setTimer(silentMs / 3, () => void tell())
  }
  return () => {
    isOver = true
    cancel()
  }
}

function textOf(error: unknown): string {
  return isReachError(error) ? error.message : `the audience threw ${errorName(error)}`
}

/** Why a task that is still `preparing` at its watchdog's firing has failed. */
export const died = 'REACH_AUDIENCE_FAILED: the process that copied the audience died'
