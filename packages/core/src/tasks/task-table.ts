import { ReachError } from '../spec/index.js'
import type { TaskPage } from '../spec/index.js'
import { shownName } from '../options/index.js'
import { dropLists } from './drop-lists.js'
import { isEnded, moves as table } from './states.js'
import type { StoredState, TaskVerb } from './states.js'
import { readTask, taskText } from './document.js'
import type { Task, TaskMove } from './document.js'
import type { TaskContext } from './task-context.js'
import { Timetable, zoneSpreadMs } from './timetable.js'

const mostTries = 20
/** While its audience is copied, a task whose process does not say so again within this time has failed. */
export const silentMs = 60_000
const mostMoves = 100

/** Who moves a task, and why. */
export interface MoveNote {
  readonly by?: string | undefined
  readonly why?: string | undefined
}

/** What a move changes beside the state; `to` where it ends elsewhere than the table of moves says. */
export interface MoveChange extends Partial<Omit<Task, 'state' | 'moves' | 'number' | 'tenant' | 'revision'>> {
  readonly to?: StoredState
  /** The next firing is the first behind this instant; without it, the one that there is stays. */
  readonly nextAfter?: number
}

/** Reads and moves tasks in the ledger: each move is compare-and-set on the revision, so one of two at once wins. */
export class TaskTable {
  readonly #context: TaskContext

  constructor(context: TaskContext) {
    this.#context = context
  }

  /** @throws ReachError `REACH_TASK_NOT_FOUND` */
  async get(number: string): Promise<Task> {
    const task = await this.find(number)
    if (task !== undefined) return task
    throw new ReachError('REACH_TASK_NOT_FOUND', `there is no task '${shownName(number)}'`)
  }

  async find(number: string): Promise<Task | undefined> {
    const [record] = await this.#context.ledger.tasks([number])
    return record === undefined ? undefined : readTask(record)
  }

  /** By number. */
  async page(which: TaskPage): Promise<readonly Task[]> {
    return (await this.#context.ledger.tasks(which)).map(readTask)
  }

  /** @throws ReachError `REACH_TASK_DUPLICATE` where the number is taken. */
  async create(task: Task, note: MoveNote): Promise<Task> {
    const move = moveOf('create', undefined, task.state, this.#context.storeNow(), note)
    const unfired = task.state === 'needs-approval' ? task.scheduledAt : undefined
    const fresh = { ...task, revision: 1, moves: [move], unfired }
    const next =
      task.state === 'preparing' ? this.#watchdog : task.state === 'active' ? await nextOf(fresh, 'create') : undefined
    const created = { ...fresh, next }
    if (await this.#save(created, 0)) {
      this.#tell(created, move)
      return created
    }
    throw new ReachError('REACH_TASK_DUPLICATE', `there is a task '${shownName(task.number)}' already`)
  }

  /**
   * Moves a task; `change` sees it as it stands, may be asked several times, and throws what speaks against the move.
   * @throws ReachError `REACH_TASK_NOT_FOUND`, and `REACH_TASK_STATE` where its state has no such move.
   */
  async move(
    number: string,
    verb: TaskVerb,
    note: MoveNote,
    change: (task: Task) => MoveChange | Promise<MoveChange> = () => ({}),
  ): Promise<Task> {
    for (let tries = 0; tries < mostTries; tries += 1) {
      const task = await this.get(number)
      const target = table[task.state][verb]
      if (target === undefined) throw new ReachError('REACH_TASK_STATE', refusal(task, verb))
      const { to = target, nextAfter, ...changed } = await change(task)
      const unfired = unfiredOf(task, changed)
      const moved = await this.#moved({ ...task, ...changed, unfired }, verb, to, nextAfter, note)
      if (await this.#save(moved.task, task.revision)) {
        this.#tell(moved.task, moved.move)
        if (isEnded(to) && !isEnded(task.state)) await dropLists(task.audience, this.#context)
        return moved.task
      }
    }
    throw new ReachError('REACH_TASK_CONFLICT', `the task '${number}' was changed by others at each try`)
  }

  /** Its audience is still being copied: the firing that would end it as failed is put off. */
  async touch(number: string): Promise<void> {
    const task = await this.get(number)
    if (task.state !== 'preparing') return
    await this.#save({ ...task, revision: task.revision + 1, next: this.#watchdog }, task.revision)
  }

  get #watchdog(): number {
    return this.#context.storeNow() + silentMs
  }

  async #moved(
    task: Task,
    verb: TaskVerb,
    to: StoredState,
    nextAfter: number | undefined,
    note: MoveNote,
  ): Promise<{ task: Task; move: TaskMove }> {
    const move = moveOf(verb, task.state, to, this.#context.storeNow(), note)
    const moves = [...task.moves, move].slice(-mostMoves)
    const next = to === 'active' ? await nextOf(task, verb, nextAfter) : undefined
    // What is to be approved anew is counted anew.
    const isVoided = to === 'needs-approval' && verb !== 'approve' && verb !== 'prepared'
    const counted = isVoided ? undefined : task.counted
    const unfired = to === 'active' ? undefined : task.unfired
    return { task: { ...task, state: to, moves, revision: task.revision + 1, next, unfired, counted }, move }
  }

  async #save(task: Task, expectedRevision: number): Promise<boolean> {
    const { number: id, tenant, revision, next } = task
    const { saved, envelopes } = await this.#context.ledger.saveTask(
      { id, tenant, revision, next, text: taskText(task) },
      expectedRevision,
    )
    this.#context.push(envelopes)
    return saved
  }

  #tell(task: Task, { verb, from, to, why }: TaskMove): void {
    this.#context.logger.info({ task: task.number, verb, from, to }, 'a task moved')
    this.#context.tell(task, { kind: 'moved', verb, from, to, ...(why !== undefined && { why }) })
  }
}

/**
 * When a task fires next. After a stop that is the first firing since then: of those that passed meanwhile the policy for
 * missed ones decides, when they are worked on.
 */
async function nextOf(task: Task, verb: TaskMove['verb'], after?: number): Promise<number | undefined> {
  const since = after ?? sinceOf(task, verb)
  if (since === undefined) return task.next
  const timetable = await Timetable.open(task)
  // The first zone may have passed the time that others still have ahead.
  return timetable.next(since) ?? (timetable.isByZone ? timetable.next(since - zoneSpreadMs) : undefined)
}

/** What a stop leaves undone: a firing may be due, and not begun. */
function unfiredOf(task: Task, { scheduledAt = task.scheduledAt }: MoveChange): number | undefined {
  if (task.state === 'preparing' || scheduledAt !== task.scheduledAt) return scheduledAt
  return task.state === 'active' ? task.next : task.unfired
}

function sinceOf({ moves, scheduledAt, unfired = Infinity }: Task, verb: TaskMove['verb']): number | undefined {
  if (verb === 'create' || verb === 'prepared') return scheduledAt - 1
  if (verb !== 'resume' && verb !== 'approve') return undefined
  const ran = moves.findLastIndex(({ to }) => to === 'active')
  const [active, stopped] = [moves[ran], moves[ran + 1]]
  // A plan that is new since then has had no firing yet. Its moves are told later than it was planned: that takes time.
  const isNew = active === undefined || stopped === undefined || scheduledAt > active.at
  return Math.min(isNew ? scheduledAt : stopped.at, unfired) - 1
}

function moveOf(
  verb: TaskMove['verb'],
  from: StoredState | undefined,
  to: StoredState,
  at: number,
  { by, why }: MoveNote,
): TaskMove {
  return { verb, from, to, at, ...(by !== undefined && { by }), ...(why !== undefined && { why }) }
}

function refusal({ number, state }: Task, verb: TaskVerb): string {
  const possible = Object.keys(table[state])
  const hint = possible.length === 0 || isEnded(state) ? 'it has ended' : `what may be done: ${possible.join(', ')}`
  return `the task '${number}' is ${state === 'active' ? 'scheduled or running' : state}: no ${verb} (${hint})`
}
