import { styleText } from 'node:util'
import type { Input } from '../input/parse-arguments.js'
import type { Io } from './io.js'

const colors = {
  running: 'cyan',
  done: 'green',
  paused: 'yellow',
  'needs-approval': 'yellow',
  failed: 'red',
  rejected: 'red',
  cancelled: 'gray',
} as const

/** Says what a command found: in JSON, or in words. */
export class Printer {
  readonly #io: Io
  readonly #json: boolean
  readonly #colored: boolean

  constructor(io: Io, input: Input) {
    this.#io = io
    this.#json = input.flag('json') ?? false
    this.#colored = input.flag('no-color') !== true && (io.out.hasColors?.() ?? false)
  }

  /** The answer itself, on standard output. */
  answer(value: unknown, words: () => string): void {
    this.#io.out.write(`${this.#json ? JSON.stringify(value) : words()}\n`)
  }

  /** A line beside the answer, on standard error; none beside JSON. */
  note(words: string): void {
    if (!this.#json) this.#io.err.write(`${words}\n`)
  }

  state(state: string, width = 0): string {
    const text = state.padEnd(width)
    const color = Object.hasOwn(colors, state) ? colors[state as keyof typeof colors] : undefined
    return this.#colored && color !== undefined ? styleText(color, text) : text
  }
}
