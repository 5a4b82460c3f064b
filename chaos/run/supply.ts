/** Where the messages of a run come from: a process of its own, that may die. */
export interface Supply {
  /** All are handed in. */
  readonly isDone: boolean
  /** The message of each recipient. */
  readonly ids: readonly (string | undefined)[]
  /** Ids that were another one when they were asked for again. */
  readonly changedIds: number
  readonly repeated: number
  readonly failures: readonly string[]
  start(): Promise<void>
  /** Hands in more, as long as no more than this many recipients are accepted. */
  feed(upTo: number): void
  kill(backAfterMs: number): void
  stop(): Promise<void>
}
