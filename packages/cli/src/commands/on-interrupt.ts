const signals = ['SIGINT', 'SIGTERM'] as const
const exitAtOnce = 130

/** Calls `leave` at the first Ctrl-C; the second one ends the process. The answer forgets both. */
export function onInterrupt(leave: () => Promise<void>): () => void {
  let count = 0
  const listener = (): void => {
    count += 1
    if (count > 1) process.exit(exitAtOnce)
    // What goes wrong while it stops is told by whoever waits for the task.
    leave().catch(() => undefined)
  }
  for (const signal of signals) process.on(signal, listener)
  return () => {
    for (const signal of signals) process.off(signal, listener)
  }
}
