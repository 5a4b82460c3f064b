import type { Task } from './document.js'
import type { TaskTable } from './task-table.js'
import type { TaskContext } from './task-context.js'

/** A task that was paused, edited or cancelled elsewhere is seen after this long at the latest. */
const freshMs = 500
const mostKept = 1_000

interface Known {
  readonly task: Task | undefined
  readonly at: number
}

/** Tasks as they stood lately, so that each envelope of a run does not read its task anew. */
export class KnownTasks {
  readonly #table: TaskTable
  readonly #context: TaskContext
  readonly #tasks = new Map<string, Promise<Known>>()
  /** The task of each run, which never changes. */
  readonly #runs = new Map<string, string>()

  constructor(table: TaskTable, context: TaskContext) {
    this.#table = table
    this.#context = context
  }

  async task(number: string): Promise<Task | undefined> {
    const { clock } = this.#context
    const known = await this.#tasks.get(number)
    if (known !== undefined && clock.monotonic() - known.at < freshMs) return known.task
    return (await this.#read(number)).task
  }

  /** The task that a run is of; undefined for a run that is gone. */
  async ofRun(run: string): Promise<Task | undefined> {
    const number = this.#runs.get(run) ?? (await this.#context.ledger.run(run))?.task
    if (number === undefined) return undefined
    keep(this.#runs, run, number)
    return this.task(number)
  }

  forget(number: string): void {
    this.#tasks.delete(number)
  }

  #read(number: string): Promise<Known> {
    const at = this.#context.clock.monotonic()
    const reading = this.#table.find(number).then((task) => ({ task, at }))
    keep(this.#tasks, number, reading)
    reading.catch(() => this.#tasks.delete(number))
    return reading
  }
}

function keep<T>(map: Map<string, T>, key: string, value: T): void {
  map.delete(key)
  map.set(key, value)
  if (map.size <= mostKept) return
  const [oldest] = map.keys()
  if (oldest !== undefined) map.delete(oldest)
}
