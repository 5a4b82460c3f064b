/** What the command line is given of the process. */
export interface Io {
  readonly cwd: string
  /** What was asked for. */
  readonly out: Output
  /** Everything else that a person should know. */
  readonly err: Output
  /** Who is at the keyboard. */
  readonly userName: () => string | undefined
}

interface Output {
  write(text: string): unknown
  /** Knows `NO_COLOR` and terminals without colours. */
  hasColors?(): boolean
}
