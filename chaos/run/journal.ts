import type { LogMessage } from '../app/logger.js'
import type { Child } from '../process/children.js'

const mostKept = 2_000

/** What happened in a run, in order: what was done to it, and what its processes logged. */
export class Journal {
  readonly #began = performance.now()
  readonly #say: (text: string) => void
  readonly #verbose: boolean
  readonly #lines: string[] = []
  readonly #counts = new Map<string, number>()

  constructor(say: (text: string) => void, verbose: boolean) {
    this.#say = say
    this.#verbose = verbose
  }

  /** Something that the run did or saw. */
  note(text: string): void {
    this.#say(this.#keep(text))
  }

  hear(child: Child): void {
    child.onMessage((message) => {
      if ((message as LogMessage).kind === 'log') this.#logged(message as LogMessage)
    })
  }

  /** How often each warning and error was logged. */
  get counts(): Readonly<Record<string, number>> {
    return Object.fromEntries([...this.#counts].toSorted(([, one], [, other]) => other - one))
  }

  /** The last lines. */
  last(count: number): readonly string[] {
    return this.#lines.slice(-count)
  }

  #logged({ worker, level, text, fields }: LogMessage): void {
    const line = this.#keep(`${worker} ${level}: ${text} ${JSON.stringify(fields)}`)
    if (level !== 'info') this.#counts.set(text, (this.#counts.get(text) ?? 0) + 1)
    if (this.#verbose) this.#say(line)
  }

  #keep(text: string): string {
    const line = `${((performance.now() - this.#began) / 1_000).toFixed(2).padStart(8)} ${text}`
    this.#lines.push(line)
    if (this.#lines.length > 2 * mostKept) this.#lines.splice(0, mostKept)
    return line
  }
}
