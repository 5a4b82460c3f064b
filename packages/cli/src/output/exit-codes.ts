/** What each exit code says; the table of docs/cli.md. */
export const exitCodes = {
  /** The command did what it says, and a task that was waited for is done. */
  done: 0,
  /** A task that was waited for failed, was rejected or cancelled; or Reachkit answered an error. */
  failed: 1,
  /** The command, its options or the config file are wrong. */
  usage: 2,
  /** The task waits for an approval. */
  waits: 3,
  /** Detached by Ctrl-C. */
  interrupted: 130,
} as const
