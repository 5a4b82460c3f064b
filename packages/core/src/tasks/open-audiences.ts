import { errorName } from '../io/error-name.js'
import type { AudienceSource } from '../spec/index.js'
import type { Task } from './document.js'
import type { TaskContext } from './task-context.js'

/** A source that nobody has read from for this long is closed. */
const idleMs = 10_000

interface Opened {
  readonly source: Promise<AudienceSource>
  /** What the source was made of. */
  readonly revision: number
  close: () => void
}

/** Audiences that runs of this process read from: opened once, not for each page. */
export class OpenAudiences {
  readonly #context: TaskContext
  readonly #opened = new Map<string, Opened>()

  constructor(context: TaskContext) {
    this.#context = context
  }

  async of(run: string, task: Task): Promise<AudienceSource> {
    const known = this.#opened.get(run)
    if (known !== undefined && known.revision === task.revision) {
      known.close()
      return known.source
    }
    known?.close()
    this.close(run)
    const source = this.#context.openAudience(task.audience, task.tenant)
    const opened: Opened = { source, revision: task.revision, close() {} }
    this.#opened.set(run, opened)
    source.catch(() => this.#opened.delete(run))
    return source
  }

  /** A page of it was read: it is closed unless another one is asked for soon. */
  rest(run: string): void {
    const opened = this.#opened.get(run)
    if (opened === undefined) return
    opened.close()
    opened.close = this.#context.clock.setTimer(idleMs, () => this.close(run))
  }

  close(run: string): void {
    const opened = this.#opened.get(run)
    if (opened === undefined) return
    this.#opened.delete(run)
    opened.close()
    const failed = (error: unknown): void => {
      this.#context.logger.warn({ run, error: errorName(error) }, 'an audience could not be closed')
    }
    opened.source
      .then(
        (source) => source.close?.(),
        () => {},
      )
      .catch(failed)
  }

  closeAll(): void {
    for (const run of this.#opened.keys()) this.close(run)
  }
}
