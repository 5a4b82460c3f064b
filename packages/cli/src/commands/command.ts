import type { AppReach } from '../app/app-reach.js'
import type { Options } from '../input/option.js'
import type { Input } from '../input/parse-arguments.js'
import type { Io } from '../output/io.js'
import type { Printer } from '../output/printer.js'

export interface Call {
  readonly reach: AppReach
  readonly input: Input
  readonly printer: Printer
  readonly io: Io
}

/** One `reachkit task …`. */
export interface Command {
  readonly name: string
  /** What is given without a name: `<number>`. */
  readonly takes: string
  readonly summary: string
  readonly options: Options
  /** True where it works on messages meanwhile; all others only look and tell. */
  readonly sends?: (input: Input) => boolean
  /** Answers the exit code. */
  readonly run: (call: Call) => Promise<number>
}
