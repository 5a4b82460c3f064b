import { parseDuration } from '../duration/index.js'
import { definitionFor } from '../intake/notify.js'
import { OptionReader, describeKind } from '../options/index.js'
import { ReachError } from '../spec/index.js'
import { approveTask, rejectTask } from './approve-task.js'
import { createTask, draftTask } from './create-task.js'
import type { Task } from './document.js'
import { finishTask } from './finish-task.js'
import { planDigest } from './plan-digest.js'
import { previewTask } from './preview-task.js'
import { editReader, readSettings } from './read-settings.js'
import { readOutcomes, resendFailed } from './resend-failed.js'
import type { TaskContext } from './task-context.js'
import { TaskTable } from './task-table.js'
import type { MoveChange } from './task-table.js'
import type { TaskVerb } from './states.js'
import { viewOf } from './task-views.js'
import type { TaskFilter, TaskHandle, TaskPreview, TaskProgress, TaskReport, TaskView } from './types.js'
import { untilDone } from './until-done.js'
import { readReport, watchProgress } from './watch-task.js'

const pageSize = 100

/** The engine's context, once it is open. */
export type OpenTasks = () => Promise<TaskContext>

/** `reach.tasks`, as untyped code may call it. */
export function tasksApi(open: OpenTasks): object {
  return Object.freeze({
    async create(options: unknown): Promise<TaskHandle> {
      const context = await open()
      const { number } = await createTask(await draftTask(options, context), new TaskTable(context), context)
      return handleOf(number, open)
    },
    async preview(options: unknown, how: unknown = {}): Promise<TaskPreview> {
      const reader = new OptionReader('REACH_OPTION_INVALID', 'tasks.preview()', how, ['sample', 'most'])
      const limits = { sample: reader.whole('sample', 0) ?? 5, most: reader.whole('most', 1) ?? 10_000_000 }
      return previewTask(options, limits, await open())
    },
    async get(number: unknown): Promise<TaskHandle> {
      const { number: found } = await new TaskTable(await open()).get(readNumber(number))
      return handleOf(found, open)
    },
    list: async (filter: unknown = {}, page: unknown = {}) => listTasks(filter, page, await open()),
  })
}

function readNumber(number: unknown): string {
  if (typeof number === 'string' && number !== '') return number
  const text = `tasks.get(): the number of a task is a string that is not empty, and was ${describeKind(number)}.`
  throw new ReachError('REACH_OPTION_INVALID', text)
}

async function listTasks(
  filter: unknown,
  page: unknown,
  context: TaskContext,
): Promise<{ readonly tasks: readonly TaskView[]; readonly next: string | undefined }> {
  const wanted = new OptionReader('REACH_OPTION_INVALID', 'tasks.list()', filter, ['tenant', 'states'])
  const paging = new OptionReader('REACH_OPTION_INVALID', 'tasks.list()', page, ['after', 'limit'])
  const tenant = wanted.text('tenant')
  const states = readStates(wanted)
  const limit = paging.whole('limit', 1) ?? pageSize
  let after = paging.text('after')
  const table = new TaskTable(context)
  const found: TaskView[] = []
  for (;;) {
    const tasks = await table.page({
      limit: pageSize,
      ...(tenant !== undefined && { tenant }),
      ...(after !== undefined && { after }),
    })
    for (const task of tasks) {
      if (found.length === limit) return { tasks: found, next: after }
      const view = await readView(task, context)
      if (states?.includes(view.state) !== false) found.push(view)
      after = task.number
    }
    if (tasks.length < pageSize) return { tasks: found, next: undefined }
  }
}

const shownStates: NonNullable<TaskFilter['states']> = [
  'preparing',
  'needs-approval',
  'scheduled',
  'running',
  'paused',
  'done',
  'rejected',
  'cancelled',
  'failed',
]

function readStates(reader: OptionReader): TaskFilter['states'] {
  const states = reader.raw('states')
  if (states === undefined) return undefined
  const fits = Array.isArray(states) && states.every((state) => shownStates.includes(state as 'done'))
  return fits ? (states as TaskFilter['states']) : reader.refuse('states', `an array of ${shownStates.join(', ')}`)
}

async function readView(task: Task, { ledger }: TaskContext): Promise<TaskView> {
  const open = task.state === 'active' ? await ledger.runs(task.number, { open: true, limit: 1 }) : []
  return viewOf(task, open.length > 0)
}

/** One task by its number. Nothing of it is kept: each call reads it as it stands. */
function handleOf(number: string, open: OpenTasks): TaskHandle {
  async function move(
    verb: TaskVerb,
    note: unknown,
    change?: (task: Task, context: TaskContext) => MoveChange | Promise<MoveChange>,
  ): Promise<TaskView> {
    const context = await open()
    const asked = readNote(verb, note)
    const table = new TaskTable(context)
    const task = await table.move(number, verb, asked, (stands) => change?.(stands, context) ?? {})
    // Of what was stopped or edited nothing may be left, and no run that would end it.
    if (task.state !== 'active' || task.next !== undefined) return readView(task, context)
    await finishTask(number, { why: 'no firing is left' }, table, context)
    return readView(await table.get(number), context)
  }
  return Object.freeze({
    number,
    async get(): Promise<TaskView> {
      const context = await open()
      return readView(await new TaskTable(context).get(number), context)
    },
    async report(): Promise<TaskReport> {
      const context = await open()
      return readReport(number, new TaskTable(context), context)
    },
    async *progress(options: unknown = {}): AsyncGenerator<TaskProgress, void> {
      const reader = new OptionReader('REACH_OPTION_INVALID', 'progress()', options, ['every'])
      const everyMs = reader.durationMs('every', 50) ?? parseDuration('1s', 'every')
      const context = await open()
      yield* watchProgress(number, everyMs, new TaskTable(context), context)
    },
    async done(options: unknown = {}): Promise<TaskReport> {
      const reader = new OptionReader('REACH_OPTION_INVALID', 'done()', options, ['bar'])
      const context = await open()
      return untilDone(number, reader.flag('bar') ?? false, new TaskTable(context), context)
    },
    pause: (note: unknown = {}) => move('pause', note),
    resume: (note: unknown = {}) =>
      move('resume', note, ({ exceeded }) => (exceeded === true ? { to: 'needs-approval', exceeded: undefined } : {})),
    cancel: (note: unknown = {}) => move('cancel', note),
    async approve(note: unknown = {}) {
      const context = await open()
      return readView(await approveTask(number, readNote('approve', note), new TaskTable(context), context), context)
    },
    async reject(note: unknown = {}) {
      const context = await open()
      return readView(await rejectTask(number, readNote('reject', note), new TaskTable(context)), context)
    },
    edit: (edit: unknown, note: unknown = {}) =>
      move('edit', note, async (task, context) => editOf(task, edit, context)),
    async resend(options: unknown = {}) {
      const reader = new OptionReader('REACH_OPTION_INVALID', 'resend()', options, ['outcomes', 'by', 'why'])
      const outcomes = readOutcomes(reader.raw('outcomes'))
      const context = await open()
      const note = { by: reader.text('by'), why: reader.text('why') }
      const task = await new TaskTable(context).move(number, 'resend', note)
      return { resent: await resendFailed(task, outcomes, context) }
    },
  }) as TaskHandle
}

function readNote(verb: string, note: unknown): { by: string | undefined; why: string | undefined } {
  const reader = new OptionReader('REACH_OPTION_INVALID', `${verb}()`, note, ['by', 'why'])
  return { by: reader.text('by'), why: reader.text('why') }
}

/** An edit of when it fires gives it another firing. One of what was approved has to be approved again. */
async function editOf(task: Task, edit: unknown, context: TaskContext): Promise<MoveChange> {
  const now = context.storeNow()
  const settings = await readSettings(editReader(edit), now, task)
  const timed = settings.schedule !== task.schedule || settings.until !== task.until
  const definition = definitionFor(task.message, context.options.definitions)
  const voided = task.approval !== undefined && planDigest({ ...task, ...settings }, definition) !== task.approval.hash
  if (voided) return { ...settings, to: 'needs-approval' }
  return timed && task.state === 'active' ? { ...settings, nextAfter: now - 1 } : settings
}
